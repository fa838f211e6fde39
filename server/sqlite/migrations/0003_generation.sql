-- Which write-ahead log belongs to this file: one row, see `generation.rs`. Its text is read from the bare page, so nothing
-- else may be in this table.
create table generation (
    id integer primary key check (id = 1),
    mark text not null
) strict;
