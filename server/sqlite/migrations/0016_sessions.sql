-- When sessions began, and whose they are: for lists of them.
alter table credentials add column issued_at integer;

create index credentials_of_subject on credentials (subject);
