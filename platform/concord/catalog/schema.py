"""Every table of the catalog. A change here comes with a migration (`migrations/versions`), and a test compares them.

Bodies and declared files are kept once, under the hash of their text. What is derived names the fingerprint of its
inputs; human decisions and audit events are never derived.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    text,
)

from concord.catalog.columns import Moment, Sequence, String, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

texts = Table(
    "texts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

activations = Table(
    "activations",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("files", JSON, nullable=False, comment="path -> hash of the text"),
    Column("activated_at", Moment(), nullable=False),
    Column("activated_by", String(200), nullable=False),
    Column(
        "proposals", JSON(none_as_null=True), comment="numbers of the approved proposals; null: before there were any"
    ),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("operation", JSON(none_as_null=True), comment="what it means; null: files were edited"),
    Column("files", JSON, nullable=False, comment="path -> hash of the proposed text; null: no such file"),
    Column("base", JSON, nullable=False, comment="path -> hash of the text it was made from; null: no such file"),
    Column("base_digest", String(64), comment="the declarations it was made from; null: nothing was in force"),
    Column("proposer", String(300), nullable=False),
    Column("why", Text, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("revision", Integer, nullable=False, comment="counts its contents"),
    Column("reviewer", String(300)),
    Column("decided_at", Moment()),
    Column("comment", Text, comment="what the reviewer said"),
    Column("created_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False),
    sqlite_autoincrement=True,
)

crawls = Table(
    "crawls",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("options", String(64), nullable=False, comment="fingerprint of the connector and its options"),
    Column("checkpoint", JSON, nullable=False),
    Column("complete", Boolean, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("url", Text),
    Column("fields", JSON, nullable=False, comment="the nested record that a mapping reads, its text apart"),
    Column("readers", JSON, comment="as the source grants them; null where the mapping says"),
    Column("body", ForeignKey("texts.hash"), nullable=False),
    Column("first_line", Integer),
    Column("page_starts", JSON, nullable=False),
    Column("line_dates", JSON, nullable=False, comment="runs: [lines, date]"),
    Column("warnings", JSON, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("stage", String(20), nullable=False, comment="read | map"),
    Column("reason", String(100), nullable=False),
    Column("detail", Text, nullable=False),
    Column("owner", String(300)),
    Column("context", String(64), nullable=False),
    Column("since", Moment(), nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("identifier", Text, primary_key=True),
    Column("source", String(200), nullable=False, index=True),
    Column("native_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("item", JSON, nullable=False, comment="the ContentItem"),
    Column("body", ForeignKey("texts.hash"), nullable=False, index=True),
    Column("live", Boolean, nullable=False, comment="false: the source no longer has it, or its record is quarantined"),
    Column("labels", Text, nullable=False, comment="title and labels of its concepts, as the index matches them"),
    Column("record_version", Text, nullable=False),
    Column("context", String(64), nullable=False, comment="fingerprint of mapping, taxonomy, ownership and chunking"),
    Column("index_state", String(64), nullable=False, comment="fingerprint of what the index holds of it"),
    Column("mined", String(100), index=True, comment="what compared its claims with all others; null: not yet"),
    Column("owner", String(300), comment="whom the item names as its owner"),
    Column("review_due", Date),
    Index("ix_items_owner_identifier", "owner", "identifier"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("identifier", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column(
        "item",
        JSON(none_as_null=True),
        comment="the ContentItem; null where it is no longer kept, or could not be read",
    ),
    Column("body", ForeignKey("texts.hash"), index=True),
    Column("recorded_at", Moment(), nullable=False),
    Column("valid_from", Date, nullable=False, comment="the first day on which the source held it"),
    Column("valid_until", Date, comment="the day on which something else took over; null: it is current"),
    Column("lifecycle", JSON, nullable=False, comment="earlier states without a change of text: [until, fields]"),
    Column("labels", Text, nullable=False),
    Column("record", JSON(none_as_null=True), comment="what it was derived from, its text apart"),
    Column("versions", JSON, nullable=False, comment="versions of the record, where the source gives its past"),
    Column("context", String(64), nullable=False),
    Column("reread", Boolean, nullable=False, comment="kept for references alone: its past was read anew"),
    Index("ix_revisions_valid_until", "valid_until"),
)

tags = Table(
    "tags",
    metadata,
    Column("identifier", Text, primary_key=True),
    Column("concept", Text, primary_key=True),
    Column("origin", String(20), nullable=False),
    Column("score", Integer, nullable=False, comment="per mille"),
    Column("matched", JSON, nullable=False),
)

replacements = Table(
    "replacements",
    metadata,
    Column("successor", Text, primary_key=True),
    Column("predecessor", Text, primary_key=True, index=True),
    Column("stated_by", Text, primary_key=True, comment="the item whose metadata states the link"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("identifier", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False, comment="offset of the text in the body"),
    Column("page", Integer),
    Column("changed", String(10), comment="newest date of its lines"),
    Column("content_hash", String(64), nullable=False, comment="hash of the embedded text"),
    Column("reading", LargeBinary, comment="its sentences, concepts and claims"),
    Column("terms", LargeBinary, comment="hashes of its stems and concepts; 8 bytes each, little endian"),
    Column("read_by", String(64), comment="fingerprint of the extractor and the taxonomy that read it"),
    Index("ix_chunks_identifier_revision_ordinal", "identifier", "revision", "ordinal", unique=True),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("model", String(200), primary_key=True),
    Column("content_hash", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False, comment="of the passage; float32, little endian"),
    Column("sentences", LargeBinary, nullable=False, comment="one row a sentence; float16, little endian"),
)

page_vectors = Table(
    "page_vectors",
    metadata,
    Column("model", String(200), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False, comment="mean over the item's passages; float32, little endian"),
)

claims = Table(
    "claims",
    metadata,
    Column("identifier", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True, comment="the passage that states it"),
    Column("place", Integer, primary_key=True, comment="its place among the claims of the passage's reading"),
    Column("statement", BigInteger, nullable=False, comment="the same wherever the same is said"),
    Column("tokens", Text, nullable=False, comment="hashes of its words"),
    Column("crowded", Boolean, nullable=False, comment="whether more share its words than it was compared with"),
    Index("ix_claims_statement", "statement", "identifier", "ordinal", "place"),
    sqlite_with_rowid=False,
)

slots = Table(
    "slots",
    metadata,
    Column("key", Integer, primary_key=True, comment="hash of value type, dimension, and a word or concept"),
    Column("statement", BigInteger, primary_key=True, index=True),
    Column("value", Integer, nullable=False, comment="hash of what it states of the slot"),
    Column("total", Integer, nullable=False, comment="weight of all its words, in quarters"),
    Column("sketch", Integer, nullable=False, comment="all its words as bits"),
    sqlite_with_rowid=False,
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("left", Text, primary_key=True),
    Column("left_ordinal", Integer, primary_key=True),
    Column("left_place", Integer, primary_key=True),
    Column("right", Text, primary_key=True, index=True),
    Column("right_ordinal", Integer, primary_key=True),
    Column("right_place", Integer, primary_key=True),
    Column("left_statement", String(16), nullable=False),
    Column("right_statement", String(16), nullable=False),
    Column("entry", String(12), nullable=False, index=True, comment="the same wherever the same two things are said"),
    Column("certainty", Integer, nullable=False, comment="per mille"),
    Column("since", Moment(), nullable=False),
)

differences = Table(
    "differences",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("entry", String(12), nullable=False, index=True),
    Column("pairs", JSON, nullable=False, comment="the items between which it was accepted: [left, right]"),
    Column("why", Text, nullable=False),
    Column("scope", Text, comment="where each side holds, in words"),
    Column("accepted_by", String(300), nullable=False),
    Column("accepted_at", Moment(), nullable=False),
    Column("revoked_by", String(300)),
    Column("revoked_at", Moment()),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("identifier", Text, nullable=False),
    sqlite_autoincrement=True,
)

traces = Table(
    "traces",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Moment(), nullable=False, index=True),
    Column("principal", String(300), nullable=False, index=True),
    Column("use_case", String(200)),
    Column("question", Text, nullable=False),
    Column("data", JSON, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("trace", String(36), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", Moment(), nullable=False, index=True),
    Column("identifier", Text, nullable=False),
    Column("sentence", String(16), nullable=False, comment="hash of what was quoted, or stood in a conflict"),
    Column("cited", Boolean, nullable=False),
    Index("ix_told_identifier_sentence", "identifier", "sentence"),
    Index("ix_told_identifier_at", "identifier", "at"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Moment(), nullable=False),
    Column("principal", String(300), nullable=False),
    Column("trace", ForeignKey("traces.id"), nullable=False, index=True, comment="kept as long as the correction is"),
    Column("data", JSON, nullable=False),
    Column("imported_by", String(300), comment="who brought it in a file; null: the principal said it here"),
    Index("ix_corrections_principal_at", "principal", "at"),
    Index("ix_corrections_imported_by_at", "imported_by", "at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("fingerprint", String(64), nullable=False, comment="hash of root cause, place, concept and scope"),
    Column("open", Boolean, nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("cause", String(40), nullable=False),
    Column("item", Text, nullable=False, index=True, comment="identifier; empty where it is about none"),
    Column("owner", String(300), index=True),
    Column("changed_at", Moment(), nullable=False),
    Column("data", JSON, nullable=False, comment="the Case"),
    Column("held_by", String(64), index=True, comment="what its holdings were derived from; null: not yet"),
    Index("ix_cases_fingerprint", "fingerprint"),
    Index("uq_cases_open", "fingerprint", unique=True, sqlite_where=text("open"), postgresql_where=text("open")),
    sqlite_autoincrement=True,
)

holdings = Table(
    "holdings",
    metadata,
    Column("token", String(300), primary_key=True, comment="who may deal with the case, and read what it is about"),
    Column("case_id", ForeignKey("cases.id"), primary_key=True, index=True),
    Column("mine", Boolean, nullable=False, comment="whether it is with them now; else they come next, or sort cases"),
    Column("open", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("severity", Integer, nullable=False, comment="0: the most severe"),
    Column("due", Moment(), nullable=False, comment="the next deadline"),
    Column("found_on", Date, nullable=False),
    Column("cause", String(40), nullable=False),
    Column("department", String(200), nullable=False),
    Column("use_case", String(200), nullable=False),
    Column("rule", String(40), nullable=False, comment="of authority, by which an answer told against what is right"),
    Column("gap", Boolean, nullable=False, comment="whether it is about what nothing answers"),
    Column("asked", Integer, nullable=False, comment="answers that are reported"),
    Column("people", Integer, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("detect", Integer, comment="seconds from the first answer until it was filed"),
    Column("acknowledge", Integer, comment="seconds until it was acknowledged"),
    Column("fix", Integer, comment="seconds until a fix was proven"),
    Column("confirm", Integer, comment="seconds until a person confirmed a fix that no replay could prove"),
    # Each is the whole of what one part of a dashboard reads.
    Index("ix_holdings_open", "token", "open", "due", "case_id", "mine"),
    Index("ix_holdings_gap", "token", "gap", "open", "mine", "people", "asked", "case_id"),
    Index("ix_holdings_found_on", "token", "found_on", "open", "reopened", "case_id"),
    *(
        Index(f"ix_holdings_{each}", "token", each, "found_on", "open", "case_id")
        for each in ("cause", "department", "use_case", "rule", "detect", "acknowledge", "fix", "confirm")
    ),
)

reports = Table(
    "reports",
    metadata,
    Column("key", String(300), primary_key=True, comment="names the report for good"),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", Moment(), nullable=False),
    Column("principal", String(300), index=True),
    Column("trace", String(36), index=True),
    Column("asks", String(64), index=True, comment="hash of what it was filed as and of the words asked"),
    Column("says", String(64), index=True, comment="hash of what it was filed as and of its right answer"),
    Column("data", JSON, nullable=False, comment="the Report"),
)

notifications = Table(
    "notifications",
    metadata,
    Column("key", String(300), primary_key=True, comment="what was told to whom is told once"),
    Column("recipient", String(300), nullable=False, index=True),
    Column("case_id", ForeignKey("cases.id"), index=True),
    Column("at", Moment(), nullable=False),
    Column("kind", String(40), nullable=False),
    Column(
        "proposal_id", ForeignKey("proposals.id"), index=True, comment="which is told of where no case waits for it"
    ),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("target", String(300), primary_key=True),
    Column("notification", ForeignKey("notifications.key"), primary_key=True),
    Column("at", Moment(), nullable=False),
    Column("state", String(20), nullable=False, comment="sending, sent, unsure, failed, withheld"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("principal", String(300), nullable=False),
    Column("title", Text, nullable=False),
    Column("use_case", String(200)),
    Column("begun_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False, index=True),
    Index("ix_conversations_principal_changed_at", "principal", "changed_at"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation", ForeignKey("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment(), nullable=False),
    Column("question", Text, nullable=False),
    Column("as_of", Date, comment="the past date asked for"),
    Column("answer", JSON, nullable=False, comment="as it was given"),
    Index("ix_turns_conversation_number", "conversation", "number", unique=True),
)

eval_runs = Table(
    "eval_runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("at", Moment(), nullable=False, index=True),
    Column("started_by", String(300), nullable=False),
    Column("inputs", String(64), nullable=False, index=True, comment="hash of what is asked, and of what"),
    Column("data", JSON, nullable=False, comment="questions, fingerprints and options"),
    Column("finished_at", Moment()),
)

eval_scores = Table(
    "eval_scores",
    metadata,
    Column("run", String(36), primary_key=True),
    Column("question", Text, primary_key=True, comment="its id in the golden set"),
    Column("place", Integer, nullable=False),
    Column("data", JSON, nullable=False, comment="metrics and what was cited; no answer"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, comment="of the secret"),
    Column("name", Text, nullable=False),
    Column("principal", String(300), nullable=False),
    Column("scopes", JSON, nullable=False, comment="actions"),
    Column("created_by", String(300), nullable=False),
    Column("created_at", Moment(), nullable=False),
    Column("expires_at", Moment(), nullable=False),
    Column("revoked_at", Moment()),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("hash", String(64), primary_key=True, comment="of the secret in the browser"),
    Column("claims", JSON, nullable=False, comment="of the identity provider, as far as they are used"),
    Column("begun_at", Moment(), nullable=False),
    Column("expires_at", Moment(), nullable=False, index=True),
)

eval_judgements = Table(
    "eval_judgements",
    metadata,
    Column("run", String(36), primary_key=True),
    Column("judge", String(300), primary_key=True, comment="model and temperature; empty: none was asked"),
    Column("metric", String(100), primary_key=True),
    Column("question", Text, primary_key=True),
    Column("value", Float, comment="null: it could not be measured"),
    Column("reason", Text),
    Column("replies", JSON, nullable=False, comment="what the judge said, raw"),
)

DISPUTED = text("type = 'case.disputed'")
"""Events of which those of one person are counted; in words, so that databases see that their index is meant."""

audit_events = Table(
    "audit_events",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("at", Moment(), nullable=False),
    Column("actor", String(300), nullable=False),
    Column("type", String(100), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_events_disputed", "actor", "at", sqlite_where=DISPUTED, postgresql_where=DISPUTED),
    sqlite_autoincrement=True,
)

generation = Table(
    "generation",
    metadata,
    Column("drawn", String(32), primary_key=True, comment="random; another one after every writing"),
)
