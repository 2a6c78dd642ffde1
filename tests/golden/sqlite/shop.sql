create table orders (id integer primary key, customer text, placed integer, amount numeric, note text);
insert into orders values (1, 'ann', 1767225600, 99.5, 'a'), (2, 'bob', 1767312000, 120, ''),
  (3, null, 1767312000, 5, 'x'), (4, 'cid', 'never', 5, 'x'), (5, 'cid', 1767312000, 5, x'00ff');
create table countries (code text primary key, name text);
insert into countries values ('DE', 'Germany'), ('AT', 'Austria');
create table people (id text, country text, joined text, vip integer);
insert into people values ('ann', 'DE', '2025-03-01', 1), ('bob', 'AT', '2025-04-01 10:00:00', 0);
