create schema crm;
create table orders (id serial, customer text, placed timestamptz, amount numeric(12, 2), note text);
insert into orders (customer, placed, amount, note) values ('ann', '2026-01-01', 99.5, 'a'), ('bob', '2026-01-02', 120, 'b'),
  (null, '2026-01-02', 5, 'x'), ('cid', 'infinity', 5, 'x'), ('cid', '2026-01-02', 'nan', 'x');
create table countries (code char(4) primary key, name text);
insert into countries values ('DE', 'Germany'), ('AT', 'Austria');
create table people (id varchar, code char(4), joined date, vip boolean, tags text[]);
insert into people values ('ann', 'DE', '2025-03-01', true, '{a,"b c"}'), ('bob', 'AT', '2025-04-01', false, null);
create table narrow (segment text, person integer, as_of timestamptz);
create table no_key (segment text, person text, as_of timestamptz);
create table mail (segment text, person text, as_of timestamptz, email text, primary key (segment, person));
create role asked login password 'sesame';
create role refused login;
create role guest login;
