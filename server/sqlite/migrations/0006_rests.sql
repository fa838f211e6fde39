-- Until when bots have asked to be left alone: a relay that starts anew keeps to it.
create table rests (
    target text primary key,
    until integer not null
) strict, without rowid;
