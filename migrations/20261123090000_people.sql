-- People, and the ways they prove who they are. Roles and disciplines are sets on the person: there are five
-- roles for good (the rules name them), while disciplines are data and may grow.
create table people (
    id            uuid primary key,
    email         text not null,
    name          text not null,
    password_hash text not null,
    roles         text[] not null,
    disciplines   text[] not null default '{}',
    active        boolean not null default true,
    created_at    timestamptz not null,
    constraint people_email_key unique (email),
    constraint people_email_is_lower check (email = lower(email)),
    constraint people_roles_known check (roles <@ array['engineer', 'reviewer', 'manager', 'auditor', 'administrator'])
);

-- A session's id is never stored: only its SHA-256, so that a stolen table opens nothing.
-- `expires_at` moves with use (idle expiry); `ends_at` never does (absolute expiry).
create table sessions (
    id_hash    bytea primary key,
    person     uuid references people,
    data       jsonb not null,
    user_agent text not null default '',
    address    text not null default '',
    created_at timestamptz not null default now(),
    seen_at    timestamptz not null default now(),
    expires_at timestamptz not null,
    ends_at    timestamptz not null
);
create index sessions_by_person on sessions (person, seen_at desc) where person is not null;
create index sessions_by_expiry on sessions (expires_at);

-- What the limit on guessing counts. Old rows are swept; nobody is locked out for good.
create table sign_in_failures (
    id      bigint generated always as identity primary key,
    account text not null,
    address text not null,
    at      timestamptz not null
);
create index sign_in_failures_by_account on sign_in_failures (account, at);
create index sign_in_failures_by_address on sign_in_failures (address, at);

-- Bearer tokens for programs. Shown once; only the SHA-256 stays.
create table api_tokens (
    id           bigint generated always as identity primary key,
    person       uuid not null references people,
    name         text not null,
    hint         text not null,
    token_hash   bytea not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    constraint api_tokens_hash_key unique (token_hash)
);
create index api_tokens_by_person on api_tokens (person, id desc);
