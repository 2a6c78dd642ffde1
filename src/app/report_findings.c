/* SPDX-License-Identifier: MIT
 *
 * What segments have in common, and what an audit finds, on the page.
 */
#include "app/reports.h"

void report_put_overlaps(const report_page *p)
{
    static const char *const headings[] = {
        "segment", "and", "in both", "of those in either", "of the first", NULL};
    if (p->audit->overlap_count == 0)
        return;
    report_put(p, "<section><h2>Overlaps</h2>\n");
    report_put_explanation(
        p, "The pairs of segments that have most people in common. Where all "
           "of those in either are in both, the two are the same people; where "
           "all of the first are, it lies inside the second.");
    report_put_head(p, headings, "--nnn");
    for (size_t i = 0; i < p->audit->overlap_count; i++) {
        const overlap *o = &p->audit->overlaps[i];
        report_put(p, "<tr><td>");
        report_put_text(p, o->one->path);
        report_put(p, "</td><td>");
        report_put_text(p, o->other->path);
        report_put(p, "</td>");
        report_put_count_cell(p, o->both);
        report_put_share_cell(p, o->jaccard);
        report_put_share_cell(p, o->contained);
        report_put(p, "</tr>\n");
    }
    report_put(p, "</table></div></section>\n");
}

static void put_finding(const report_page *p, const finding *f)
{
    report_put(p, "<li>");
    report_put_text(p, f->about->path);
    if (f->other) {
        report_put(p, " and ");
        report_put_text(p, f->other->path);
    }
    report_put(p, ": ");
    report_put_text(p, f->numbers);
    report_put(p, "</li>\n");
}

static void put_kind(const report_page *p, finding_kind kind)
{
    report_put(p, "<p><span class=\"warn\">");
    report_put_text(p, finding_words[kind]);
    report_put(p, "</span>. <span class=\"soft\">");
    report_put_text(p, finding_advice[kind]);
    report_put(p, "</span></p>\n");
}

/* Of these there is nothing to say but the names of the rules. */
static void put_names(const report_page *p, finding_kind kind)
{
    const char *before = "<p>";
    for (size_t i = 0; i < p->audit->finding_count; i++) {
        const finding *f = &p->audit->findings[i];
        if (f->kind != kind)
            continue;
        report_put(p, before);
        report_put_text(p, f->about->decl->name.text);
        before = ", ";
    }
    report_put(p, "</p>\n");
}

static void put_list(const report_page *p, finding_kind kind)
{
    report_put(p, "<ul>\n");
    for (size_t i = 0; i < p->audit->finding_count; i++)
        if (p->audit->findings[i].kind == kind)
            put_finding(p, &p->audit->findings[i]);
    report_put(p, "</ul>\n");
}

static bool has_findings(const report_page *p, finding_kind kind)
{
    for (size_t i = 0; i < p->audit->finding_count; i++)
        if (p->audit->findings[i].kind == kind)
            return true;
    return false;
}

/* Owners are shown with the rules. */
void report_put_findings(const report_page *p)
{
    bool is_begun = false;
    for (finding_kind k = 0; k < FINDING_KINDS; k++) {
        if (k == FINDING_NO_OWNER || !has_findings(p, k))
            continue;
        report_put(p, is_begun ? "" : "<section><h2>Findings</h2>\n");
        is_begun = true;
        put_kind(p, k);
        if (k == FINDING_UNUSED)
            put_names(p, k);
        else
            put_list(p, k);
    }
    report_put(p, is_begun ? "</section>\n" : "");
}
