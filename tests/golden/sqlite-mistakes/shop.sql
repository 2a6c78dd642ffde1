create table orders (customer text, placed integer, amount numeric);
insert into orders values ('007', 1767225600, 99.5), ('bob', 1767312000, 12345678901234567);
create table people (id text, country text);
insert into people values ('007', 'DE'), ('bob', 'AT');
