"""First schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from concord.catalog.columns import Moment, Sequence, String, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "activations",
        sa.Column("seq", Sequence, autoincrement=True, nullable=False),
        sa.Column("digest", String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False, comment="path -> hash of the text"),
        sa.Column("activated_at", Moment(), nullable=False),
        sa.Column("activated_by", String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activations")),
    )
    op.create_table(
        "audit_events",
        sa.Column("seq", Sequence, autoincrement=True, nullable=False),
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", String(length=300), nullable=False),
        sa.Column("type", String(length=100), nullable=False),
        sa.Column("subject", Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous", String(length=64), nullable=False),
        sa.Column("hash", String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_events_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chunks",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("heading_path", sa.JSON(), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False, comment="offset of the text in the body"),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("changed", String(length=10), nullable=True, comment="newest date of its lines"),
        sa.Column("content_hash", String(length=64), nullable=False, comment="hash of the embedded text"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
    )
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.create_index("ix_chunks_identifier_ordinal", ["identifier", "ordinal"], unique=True)

    op.create_table(
        "crawls",
        sa.Column("source", String(length=200), nullable=False),
        sa.Column("options", String(length=64), nullable=False, comment="fingerprint of the connector and its options"),
        sa.Column("checkpoint", sa.JSON(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_crawls")),
    )
    op.create_table(
        "embeddings",
        sa.Column("model", String(length=200), nullable=False),
        sa.Column("content_hash", String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="of the passage; float32, little endian"),
        sa.Column("sentences", sa.LargeBinary(), nullable=False, comment="one row a sentence; float16, little endian"),
        sa.PrimaryKeyConstraint("model", "content_hash", name=op.f("pk_embeddings")),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", Sequence, autoincrement=True, nullable=False),
        sa.Column("identifier", Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quarantine",
        sa.Column("source", String(length=200), nullable=False),
        sa.Column("native_id", Text(), nullable=False),
        sa.Column("version", Text(), nullable=False),
        sa.Column("stage", String(length=20), nullable=False, comment="read | map"),
        sa.Column("reason", String(length=100), nullable=False),
        sa.Column("detail", Text(), nullable=False),
        sa.Column("owner", String(length=300), nullable=True),
        sa.Column("context", String(length=64), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", "native_id", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "replacements",
        sa.Column("successor", Text(), nullable=False),
        sa.Column("predecessor", Text(), nullable=False),
        sa.Column("stated_by", Text(), nullable=False, comment="the item whose metadata states the link"),
        sa.PrimaryKeyConstraint("successor", "predecessor", "stated_by", name=op.f("pk_replacements")),
    )
    with op.batch_alter_table("replacements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replacements_predecessor"), ["predecessor"], unique=False)

    op.create_table(
        "tags",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("concept", Text(), nullable=False),
        sa.Column("origin", String(length=20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False, comment="per mille"),
        sa.Column("matched", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("identifier", "concept", name=op.f("pk_tags")),
    )
    op.create_table(
        "texts",
        sa.Column("hash", String(length=64), nullable=False),
        sa.Column("text", Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_texts")),
    )
    op.create_table(
        "traces",
        sa.Column("id", String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("principal", String(length=300), nullable=False),
        sa.Column("use_case", String(length=200), nullable=True),
        sa.Column("question", Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traces")),
    )
    with op.batch_alter_table("traces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_traces_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_traces_principal"), ["principal"], unique=False)

    op.create_table(
        "items",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("source", String(length=200), nullable=False),
        sa.Column("native_id", Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False, comment="the ContentItem"),
        sa.Column("body", String(length=64), nullable=False),
        sa.Column(
            "live",
            sa.Boolean(),
            nullable=False,
            comment="false: the source no longer has it, or its record is quarantined",
        ),
        sa.Column(
            "labels", Text(), nullable=False, comment="title and labels of its concepts, as the index matches them"
        ),
        sa.Column("record_version", Text(), nullable=False),
        sa.Column(
            "context",
            String(length=64),
            nullable=False,
            comment="fingerprint of mapping, taxonomy, ownership and chunking",
        ),
        sa.Column(
            "index_state", String(length=64), nullable=False, comment="fingerprint of what the index holds of it"
        ),
        sa.ForeignKeyConstraint(["body"], ["texts.hash"], name=op.f("fk_items_body")),
        sa.PrimaryKeyConstraint("identifier", name=op.f("pk_items")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_source"), ["source"], unique=False)

    op.create_table(
        "records",
        sa.Column("source", String(length=200), nullable=False),
        sa.Column("native_id", Text(), nullable=False),
        sa.Column("version", Text(), nullable=False),
        sa.Column("media_type", String(length=200), nullable=False),
        sa.Column("url", Text(), nullable=True),
        sa.Column(
            "fields", sa.JSON(), nullable=False, comment="the nested record that a mapping reads, its text apart"
        ),
        sa.Column(
            "readers", sa.JSON(), nullable=True, comment="as the source grants them; null where the mapping says"
        ),
        sa.Column("body", String(length=64), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("page_starts", sa.JSON(), nullable=False),
        sa.Column("line_dates", sa.JSON(), nullable=False, comment="runs: [lines, date]"),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["body"], ["texts.hash"], name=op.f("fk_records_body")),
        sa.PrimaryKeyConstraint("source", "native_id", name=op.f("pk_records")),
    )
    op.create_table(
        "revisions",
        sa.Column("identifier", Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("body", String(length=64), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["body"], ["texts.hash"], name=op.f("fk_revisions_body")),
        sa.PrimaryKeyConstraint("identifier", "revision", name=op.f("pk_revisions")),
    )


def downgrade() -> None:
    """Go back one step."""
    op.drop_table("revisions")
    op.drop_table("records")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_source"))

    op.drop_table("items")
    with op.batch_alter_table("traces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_traces_principal"))
        batch_op.drop_index(batch_op.f("ix_traces_at"))

    op.drop_table("traces")
    op.drop_table("texts")
    op.drop_table("tags")
    with op.batch_alter_table("replacements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_replacements_predecessor"))

    op.drop_table("replacements")
    op.drop_table("quarantine")
    op.drop_table("outbox")
    op.drop_table("embeddings")
    op.drop_table("crawls")
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.drop_index("ix_chunks_identifier_ordinal")

    op.drop_table("chunks")
    op.drop_table("audit_events")
    op.drop_table("activations")
