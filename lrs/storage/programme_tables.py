"""The tables of the programme: people and residentials, matching, sign-off, reminders, attendance, who may look."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from lrs.storage.tables import Instant, Number, metadata

# --- people and residentials ------------------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", String(2), nullable=False),  # en or cy: the language chosen
    Column("created_at", Instant, nullable=False),
    Column("merged_into", String(36)),  # the person this record turned out to be
    Column("erased_at", Instant),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("id", Number, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # email (value: lower case) or account (value: an actor's ifi)
    Column("value", Text, nullable=False, index=True),
    Column("added_at", Instant, nullable=False),
    Column("retired_at", Instant),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", Number, primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    Column("authority", String(9), nullable=False),
    Column("role", Text, nullable=False, default=""),
    Column("starts", Date),
    Column("ends", Date),
    Column("recorded_at", Instant, nullable=False),
    Column("service", String(20)),  # education, children or both
    Column("secondary", Boolean, nullable=False, server_default=false()),  # a joint post's other council
)

cohorts = Table(
    "cohorts",
    metadata,
    Column("id", String(100), primary_key=True),  # a word for addresses and commands, such as llandrindod-2026-12
    Column("title_en", Text, nullable=False),
    Column("title_cy", Text, nullable=False),
    Column("course", ForeignKey("courses.id"), nullable=False),
    Column("required", Text, nullable=False),  # JSON array of module ids
    Column("least_grade", String(10), nullable=False, default="asserted"),
    Column("opens", Date, nullable=False),
    Column("target", Date, nullable=False),
    Column("cut_off", Date, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("major", Integer),  # the content's major version that counts; None for any
    Column("capacity", Integer),
    Column("venue_en", Text),
    Column("venue_cy", Text),
    Column("practice", Boolean, nullable=False, server_default=false()),  # for rehearsal: counted nowhere
)

# Append-only: the newest row of a person in a cohort is where they stand; older rows are how they got there.
places = Table(
    "places",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    # nominated offered accepted waitlisted confirmed attended absent substituted cancelled deferred withdrawn
    Column("state", String(20), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("reason", String(40)),
    Column("went_to", String(100)),  # the residential deferred to, or the substitute
    Index("ix_places_cohort_person", "cohort", "person", "id"),
)

# Append-only but for ``withdrawn_at``: what a programme lead decided, and why.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("module", String(100)),  # None: every required module
    Column("kind", String(20), nullable=False),  # count, exempt or pause
    Column("reason", String(40), nullable=False),  # a code; the story behind it is nobody's business
    Column("until", Date),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("withdrawn_at", Instant),
    Index("ix_decisions_cohort_person", "cohort", "person"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("rows", Text, nullable=False),  # JSON: the rows as read, before anything is kept
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("confirmed_at", Instant),
    Column("kind", String(20), nullable=False, server_default="roster"),  # roster, nomination or export
)

# --- who is who -------------------------------------------------------------------------------------------------

# Append-only but for ``undone_at``: two records of one person made one. ``moved`` is JSON, table -> row ids that were
# the retired one's, so that undoing gives back exactly these.
merges = Table(
    "merges",
    metadata,
    Column("id", Number, primary_key=True),
    Column("survivor", ForeignKey("people.id"), nullable=False, index=True),
    Column("retired", ForeignKey("people.id"), nullable=False, index=True),
    Column("moved", Text, nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("merged_by", Text, nullable=False),
    Column("undone_at", Instant),
    Column("undone_by", Text),
)

# Somebody looked at a suggestion and said that this account is not this person's; it is not suggested again.
refused_matches = Table(
    "refused_matches",
    metadata,
    Column("actor", ForeignKey("actors.id"), primary_key=True),
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("refused_at", Instant, nullable=False),
    Column("refused_by", Text, nullable=False),
)

# Two records that somebody said are two people's; the lesser id is the first.
refused_merges = Table(
    "refused_merges",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("other", ForeignKey("people.id"), primary_key=True),
    Column("refused_at", Instant, nullable=False),
    Column("refused_by", Text, nullable=False),
)

# Which column of a file means what, remembered by the file's first line, so that the next file like it is understood.
column_mappings = Table(
    "column_mappings",
    metadata,
    Column("kind", String(20), primary_key=True),  # roster or export
    Column("headings", String(64), primary_key=True),  # SHA-256 of the folded headings
    Column("columns", Text, nullable=False),  # JSON: what we call it -> the number of its column, from 0
    Column("kept_at", Instant, nullable=False),
    Column("kept_by", Text, nullable=False),
)

# --- evidence ---------------------------------------------------------------------------------------------------

# An author's word that a module of one major version stands for the same module of another.
equivalences = Table(
    "equivalences",
    metadata,
    Column("course", ForeignKey("courses.id"), primary_key=True),
    Column("module", String(100), primary_key=True),
    Column("done", Integer, primary_key=True),  # the major version that was completed
    Column("wanted", Integer, primary_key=True),  # the major version that a residential asks for
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# When the store could not be reached: a cut-off inside it is put off by as long.
outages = Table(
    "outages",
    metadata,
    Column("id", Number, primary_key=True),
    Column("began", Instant, nullable=False),
    Column("ended", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# How far the statements of another store have been read.
pulls = Table(
    "pulls",
    metadata,
    Column("source", String(200), primary_key=True),  # the label of the key that its statements are stored under
    Column("endpoint", Text, nullable=False),
    Column("read_to", Instant),  # the newest ``stored`` of the other store that is here
    Column("more", Text),  # where to go on after an interruption
    Column("pulled_at", Instant),
    Column("statements", Integer, nullable=False, default=0),
)

# How often each answer was given, without whose it was.
answers = Table(
    "answers",
    metadata,
    Column("course", ForeignKey("courses.id"), primary_key=True),
    Column("question", Text, primary_key=True),  # the activity's IRI
    Column("version", String(40), primary_key=True),
    Column("response", String(200), primary_key=True),
    Column("right", Boolean, primary_key=True),
    Column("times", Integer, nullable=False),
)

# A residential's readiness as it was signed off: ``content`` is canonical JSON and ``digest`` its SHA-256.
snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False, index=True),
    Column("as_at", Instant, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("signed_at", Instant),
    Column("signed_by", Text),
)

# Append-only: what a lead said of a kind of exception before a sign-off. ``items`` is JSON, the keys of those that were
# there to be seen then: one that comes later is not explained by it.
explanations = Table(
    "explanations",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("items", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# --- the residential itself -------------------------------------------------------------------------------------

# Append-only: the newest row of a person and a day says whether they were there.
attendance = Table(
    "attendance",
    metadata,
    Column("id", Number, primary_key=True),
    Column("cohort", ForeignKey("cohorts.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index("ix_attendance_cohort_person", "cohort", "person", "day"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("code", String(20), primary_key=True),  # what anybody may check
    Column("cohort", ForeignKey("cohorts.id"), nullable=False),
    Column("person", ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),  # as it stands on the paper
    Column("language", String(2), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("cohort", "person"),
)

# Every message to a learner or an officer, from the moment it is to be sent.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("kind", String(20), nullable=False),  # invitation, reminder, digest, sign-in, certificate or merge
    Column("cohort", ForeignKey("cohorts.id")),
    Column("person", ForeignKey("people.id")),
    Column("language", String(2), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    # waiting, sending, sent, refused, bounced, unknown, dropped; or draft: a lead's words for a residential
    Column("state", String(10), nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("sent_at", Instant),
    Column("answer", Text),  # what the mail server said, or what the bounce said
    Index("ix_outbox_state", "state", "due_at"),
    Index("ix_outbox_cohort_person", "cohort", "person"),
)

# --- who may look -----------------------------------------------------------------------------------------------

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(10), nullable=False),  # lead or link
    Column("authority", String(9)),  # of a link officer
    Column("created_at", Instant, nullable=False),
    Column("starts", Date),  # a link officer sees from this day
    Column("ends", Date),  # and no longer from this one
    Column("subject", Text, index=True, unique=True),  # how the organisation's own sign-in knows them
)

signin_links = Table(
    "signin_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", ForeignKey("users.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", ForeignKey("users.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("user", Text, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Index("ix_audit_subject", "subject", "id"),
)

# A sign-in with the organisation's own accounts that has begun and not come back yet.
signin_attempts = Table(
    "signin_attempts",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("next", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# How often something was asked for in a window of time; counted here so that the limit holds across workers.
rates = Table(
    "rates",
    metadata,
    Column("bucket", String(64), primary_key=True),  # SHA-256 of what is limited: nobody's address is kept
    Column("window", Integer, primary_key=True),  # its number since 1970
    Column("uses", Integer, nullable=False),
)
