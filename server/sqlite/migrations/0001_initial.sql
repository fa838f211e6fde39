-- The first schema. Ids are the relay's opaque ids; times are epoch milliseconds; `record`, `event`, `scopes` are JSON.

-- What the file says about itself: its epoch, and when it was last written to on purpose (`probe`).
create table meta (
    name text primary key,
    value text not null
) strict, without rowid;

create table secrets (
    name text primary key,
    value blob not null check (length(value) = 32)
) strict, without rowid;

create table customers (
    id text primary key,
    record text not null
) strict, without rowid;

-- One identity on one channel belongs to one customer.
create table identities (
    channel text not null,
    identifier text not null,
    customer text not null references customers (id) on delete cascade,
    primary key (channel, identifier)
) strict, without rowid;

create index identities_of_customer on identities (customer);

-- The number, not the id, stands in every event: it is shorter, and young conversations lie side by side.
create table conversations (
    number integer primary key,
    id text not null unique,
    head integer not null,
    customer text not null,
    channel_session text not null,
    -- Which version of the session `record` goes with.
    revision integer not null,
    started_at integer not null,
    record text not null
) strict;

create index conversations_of_customer on conversations (customer, started_at);
create index conversations_of_session on conversations (channel_session);

-- The customer's channel session, once for each version of it: it is larger than an event and every event has it.
create table sessions (
    conversation integer not null references conversations (number),
    revision integer not null,
    session text not null,
    checksum integer not null,
    primary key (conversation, revision)
) strict, without rowid;

-- Of conversations that are not closed.
create table participants (
    conversation integer not null references conversations (number) on delete cascade,
    participant text not null,
    primary key (conversation, participant)
) strict, without rowid;

create index conversations_of_participant on participants (participant, conversation);

-- The logs. Rows lie in order of arrival, so that one transaction writes few pages however many conversations it
-- holds; the order within a conversation is the unique key's.
create table events (
    id integer primary key,
    conversation integer not null references conversations (number),
    seq integer not null,
    message text not null,
    timestamp integer not null,
    author text not null,
    client_id text,
    -- Which version of the session it has; null if none.
    revision integer,
    event text not null,
    -- Of conversation, position, revision and event, checked by every reader: SQLite itself does not notice a flipped bit.
    checksum integer not null,
    unique (conversation, seq)
) strict;

-- The promise that a repeated client id makes no second event. The id leads because ids are made in order of time.
create unique index events_by_client_id on events (client_id, author) where client_id is not null;
create index events_by_message on events (message);

create table activities (
    id integer primary key,
    customer text not null,
    author text not null,
    client_id text,
    event text not null
) strict;

create index activities_of_customer on activities (customer, id);
create unique index activities_by_client_id on activities (client_id, author) where client_id is not null;

create table tasks (
    id text primary key,
    open integer not null,
    priority integer not null,
    enqueued_at integer not null,
    record text not null
) strict, without rowid;

create index open_tasks on tasks (priority desc, enqueued_at) where open;

create table agent_states (
    agent text primary key,
    record text not null
) strict, without rowid;

create table timers (
    key text primary key,
    conversation text not null,
    due_at integer not null
) strict, without rowid;

create index timers_by_due_at on timers (due_at);

-- One row for each event that one bot is to receive. Rows of one target and conversation form a lane. Only the first
-- of a lane is ever claimed: it is `next`, those after it are `behind`, and `dead` ones have left it.
create table deliveries (
    id integer primary key autoincrement,
    target text not null,
    conversation text not null,
    seq integer not null,
    place text not null check (place in ('next', 'behind', 'dead')),
    -- When it may be claimed; while it is claimed, when the lease ends.
    due_at integer not null,
    -- When it was due before it was claimed; null while it is not.
    claimed_from integer,
    attempts integer not null default 0,
    error text
) strict;

create index deliveries_due on deliveries (target, due_at, id) where place = 'next';
create index deliveries_in_lane on deliveries (target, conversation, id) where place <> 'dead';
create index deliveries_dead on deliveries (id) where place = 'dead';

create table users (
    id text primary key,
    username text not null unique,
    record text not null
) strict, without rowid;

create table credentials (
    secret_hash blob primary key check (length(secret_hash) = 32),
    kind text not null check (kind in ('staff', 'bot', 'app')),
    subject text not null,
    label text not null,
    scopes text not null,
    expires_at integer,
    revoked integer not null
) strict, without rowid;
