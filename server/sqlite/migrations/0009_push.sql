-- Browsers that want notifications while their pages are closed.
create table push_subscriptions (
    id integer primary key autoincrement,
    customer text not null,
    channel text not null,
    endpoint text not null unique,
    p256dh blob not null,
    auth blob not null,
    page text not null,
    note text not null,
    updated_at integer not null
) strict;

create index push_subscriptions_of_customer on push_subscriptions (customer, channel, updated_at);
create index push_subscriptions_by_time on push_subscriptions (updated_at);

-- What they are still to be told: the newest event of each conversation.
create table pushes (
    subscription integer not null references push_subscriptions (id) on delete cascade,
    conversation text not null,
    seq integer not null,
    due_at integer not null,
    expires_at integer not null,
    attempts integer not null default 0,
    primary key (subscription, conversation)
) strict, without rowid;

create index pushes_by_due on pushes (due_at);
