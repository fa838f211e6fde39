-- Files that were uploaded. Their bytes lie elsewhere, in pieces whose lengths stand here.
create table files (
    id text primary key,
    owner text not null,
    channel text not null,
    name text not null,
    media_type text not null,
    size integer not null,
    pieces text not null,
    state text not null check (state in ('uploading', 'complete', 'posted', 'deleted')),
    -- Where it was posted, and whether customers and bots may read it there.
    conversation text,
    is_public integer,
    created_at integer not null,
    -- When it goes; null if never.
    expires_at integer
) strict, without rowid;

create index files_of_owner on files (owner, created_at);
create index files_by_expiry on files (expires_at) where expires_at is not null;
