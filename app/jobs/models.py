"""The queue of long work."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment, choice
from app.workflow import N_, Labelled


class JobState(Labelled):
    """How far a job is."""

    QUEUED = "queued", N_("waiting")
    RUNNING = "running", N_("running")
    DONE = "done", N_("done")
    STOPPED = "stopped", N_("stopped")
    FAILED = "failed", N_("failed")
    USED = "used", N_("used")


WAITING = text("state IN ('queued', 'running')")


class Job(Base):
    """A long piece of work for one edition; at most one of each kind waits or runs.

    `asked` holds what was asked for, where edition and kind don't say it, as plain values. Its
    result is a proposal: somebody looks at it and applies it, or drops it.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_waiting",
            "edition_id",
            "kind",
            unique=True,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[JobState] = mapped_column(choice(JobState, name="state"), default=JobState.QUEUED)
    progress: Mapped[int] = mapped_column(default=0)
    starts: Mapped[int] = mapped_column(default=0, server_default="0")
    wants_stop: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(String(300), default="")
    queued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    queued_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}
