"""The method of the result, kept places with exact values, severities of judges.

The places of editions whose sheets are all submitted are computed here, by the weighted mean that
was the only method until now, so that what was shown stays as it was.

Revision ID: 0034
Revises: 0033
Create Date: 2026-11-26 23:10:00

"""

from collections import Counter, defaultdict
from fractions import Fraction

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

UNIT = 10**8 * 232792560  # of a standing's mean, in a point

# Plain SQL, for SQLite can add a column with its CHECK but not a CHECK alone.
ADDED = (
    "method VARCHAR(32) DEFAULT 'weighted' NOT NULL "
    "CONSTRAINT ck_edition_method CHECK (method IN ('weighted', 'adjusted'))",
    "method_rule TEXT DEFAULT '' NOT NULL",
    "placed_revision INTEGER",
)


def one_of(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade():
    for column in ADDED:
        op.execute(f"ALTER TABLE edition ADD COLUMN {column}")
    placing = op.create_table(
        "placing",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("method", one_of("weighted", "adjusted", name="method"), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("desk", sa.Text()),
        sa.Column("presentation", sa.Text()),
        sa.Column("final", sa.Text(), nullable=False),
        sa.Column("tie_breakers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_placing_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_placing_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("proposal_id", "method", name=op.f("pk_placing")),
    )
    op.create_index(op.f("ix_placing_edition_id"), "placing", ["edition_id"])
    op.create_table(
        "severity",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("desk", "presentation", name="kind"), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_severity_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["person.id"], name=op.f("fk_severity_evaluator_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_severity_criterion_id_criterion")
        ),
        sa.PrimaryKeyConstraint(
            "edition_id", "kind", "evaluator_id", "criterion_id", name=op.f("pk_severity")
        ),
    )
    connection = op.get_bind()
    frozen = connection.execute(
        sa.text("SELECT id, desk_share FROM edition WHERE frozen_at IS NOT NULL ORDER BY id")
    ).all()
    for edition_id, desk_share in frozen:
        rows = placed(connection, edition_id, desk_share)
        if not rows:
            continue
        op.bulk_insert(placing, rows)
        connection.execute(
            sa.text("UPDATE edition SET placed_revision = evaluation_revision WHERE id = :id"),
            {"id": edition_id},
        )


def placed(connection, edition_id, desk_share):
    """Return the places of an edition, nothing while one of its sheets is missing."""
    shares = {"desk": desk_share, "presentation": 100 - desk_share}
    means = defaultdict(dict)
    for proposal_id, kind, mean in connection.execute(
        sa.text(
            "SELECT p.id, s.kind, s.mean FROM proposal p"
            " LEFT JOIN standing s ON s.proposal_id = p.id"
            " WHERE p.edition_id = :edition AND p.status IN ('finalist', 'presented')"
            " ORDER BY p.id"
        ),
        {"edition": edition_id},
    ):
        means[proposal_id][kind] = mean
    finals = {}
    for proposal_id, own in means.items():
        if any(own.get(kind) is None for kind, share in shares.items() if share):
            return []
        finals[proposal_id] = sum(
            Fraction(own[kind], UNIT) * share for kind, share in shares.items() if share
        ) / Fraction(100)
    shared = Counter(finals.values())
    tied = [proposal_id for proposal_id, final in finals.items() if shared[final] > 1]
    breakers = tie_breakers(connection, edition_id, tied, shares)
    strength = {key: (final, breakers.get(key, ())) for key, final in finals.items()}
    best_first = sorted(strength, key=lambda key: strength[key], reverse=True)
    places, rows = [], []
    for position, proposal_id in enumerate(best_first):
        is_tied = position and strength[proposal_id] == strength[best_first[position - 1]]
        places.append(places[-1] if is_tied else position + 1)
        own = means[proposal_id]
        rows.append(
            {
                "proposal_id": proposal_id,
                "method": "weighted",
                "edition_id": edition_id,
                "place": places[-1],
                **{
                    kind: str(Fraction(own[kind], UNIT)) if share else None
                    for kind, share in shares.items()
                },
                "final": str(finals[proposal_id]),
                "tie_breakers": [str(value) for value in breakers.get(proposal_id, ())],
            }
        )
    return rows


def tie_breakers(connection, edition_id, tied, shares):
    """Return the means of the criteria that break ties, by proposal id, first one first."""
    found = defaultdict(dict)
    for proposal_id, order, kind, total, count in connection.execute(
        sa.text(
            "SELECT h.proposal_id, c.tie_break, h.kind, SUM(s.value), COUNT(*) FROM sheet h"
            " JOIN score s ON s.sheet_id = h.id JOIN criterion c ON c.id = s.criterion_id"
            " WHERE c.edition_id = :edition AND c.tie_break IS NOT NULL"
            " AND h.participation = 'counts' AND h.locked_at IS NOT NULL AND s.value IS NOT NULL"
            " GROUP BY h.proposal_id, c.tie_break, h.kind"
        ),
        {"edition": edition_id},
    ):
        found[proposal_id][order, kind] = Fraction(int(total), 100 * count)
    orders = sorted({order for own in found.values() for order, _ in own})
    result = {}
    for proposal_id in tied:
        own = found[proposal_id]
        values = []
        for order in orders:
            desk, hall = own.get((order, "desk")), own.get((order, "presentation"))
            if desk is not None and hall is not None:
                values.append((desk * shares["desk"] + hall * shares["presentation"]) / 100)
            else:
                values.append(hall or desk or Fraction(0))
        result[proposal_id] = tuple(values)
    return result


def downgrade():
    op.drop_table("severity")
    op.drop_table("placing")
    for column in ("placed_revision", "method_rule", "method"):
        op.drop_column("edition", column)
