/* SPDX-License-Identifier: MIT
 *
 * A shared object that is no plugin at all.
 */
extern const int carpel_plugin_v2;
__attribute__((visibility("default"))) const int carpel_plugin_v2 = 2;
