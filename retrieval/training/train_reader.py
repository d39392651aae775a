"""Examples -> a trained reader.

    python -m retrieval.training.train_reader EXAMPLES.npz [EPOCH2.npz ...] --to FOLDER [--until 2026-11-25T04:05+00:00]
        [--from FOLDER] [--taught-by FOLDER ...]

Each file is one epoch. All weights except the embeddings are trained, on a GPU if there is one, in bfloat16 unless
--fp32 is given. The loss is the cross entropy of the answer's first and last piece; [CLS] stands for "no answer here".
With teachers (networks trained before) most of the loss is the cross entropy to the mean of their predictions
(distillation: Hinton, Vinyals and Dean 2015). The learning rate rises during the first twentieth of the run and then
falls to 0 at its end, which is the last step or, if earlier, the time given by --until. FOLDER/checkpoint.pt is written
every few minutes, and the same command resumes from it. The result is FOLDER/network.safetensors. The same seed gives
the same run unless --until ends it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, one_hot

from retrieval.encoder.encoder import length_batches
from retrieval.encoder.sources import find_source
from retrieval.errors import ModelError
from retrieval.settings import READER_BASE
from retrieval.training.example_file import load_examples
from retrieval.training.network import MASKED, SpanNetwork, from_encoder, load_network, save_network

CHECKPOINT = "checkpoint.pt"
BATCH, LEARNING_RATE, WARM_UP = 32, 1.5e-4, 0.05  # for two cores; a GPU is as fast with 64 (eval/LOG.md)
SOFT = 0.8  # .7, .8, .9 and 1 were tried, but not with everything else equal (eval/LOG.md, 2026-11-26)
_SORTED_TOGETHER = 50  # batches whose examples are sorted by length
_LOG_EVERY = 50  # steps


Trained = TypeVar("Trained", bound=SpanNetwork)


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a run. `until` is when it must end, in seconds since 1970; None means after the last step.

    `soft` is the teachers' share of the loss, 0 to 1. A `temperature` above 1 flattens the probabilities of teachers
    and network before they are compared. With `teach_answers_only`, teachers are not asked about examples without an
    answer, which they may know less of than the examples do.
    """

    seed: int
    learning_rate: float
    until: float | None
    save_every_s: float
    is_half: bool
    batch: int = BATCH
    dropout: float = 0.0
    soft: float = SOFT
    temperature: float = 1.0
    teach_answers_only: bool = False


class TrainingExamples(Protocol):
    """What a run is trained on: examples of given lengths, and how a batch of them is made."""

    def lengths(self) -> npt.NDArray[np.int64]:
        """How long each example is."""

    def collate(self, rows: Sequence[int]) -> tuple[Tensor, ...]:
        """The network's inputs, then `allowed` and `places`.

        `allowed`, shape (rows, width), is true where an answer may begin or end; `places`, shape (rows, 2), are where
        it does, 0 for no answer.
        """


def batches(examples: TrainingExamples, seed: int, size: int = BATCH) -> list[list[int]]:
    """Row numbers in batches of examples of about the same length, in random order."""
    rng = random.Random(seed)
    lengths = examples.lengths()
    rows = list(range(len(lengths)))
    rng.shuffle(rows)
    made = []
    for start in range(0, len(rows), size * _SORTED_TOGETHER):
        together = rows[start : start + size * _SORTED_TOGETHER]
        made += [[together[n] for n in batch] for batch in length_batches([int(lengths[r]) for r in together], size)]
    rng.shuffle(made)
    return made


def loss_of(network: SpanNetwork, batch: Sequence[Tensor], plan: Plan, teachers: Sequence[SpanNetwork] = ()) -> Tensor:
    """The loss as a scalar, the mean over examples and both ends of the answer."""
    device = next(network.parameters()).device
    *inputs, allowed, places = (part.to(device) for part in batch)
    scores = scores_of(network, inputs, allowed, plan.is_half)
    hard = cross_entropy(scores, places)
    if not teachers:
        return hard
    with torch.no_grad():
        teacher_scores = [scores_of(teacher, inputs, allowed, plan.is_half) for teacher in teachers]
        targets = torch.stack([torch.softmax(each / plan.temperature, 1) for each in teacher_scores]).mean(0)
        if plan.teach_answers_only:
            has_no_answer = places[:, 0] == 0
            targets[has_no_answer] = one_hot(places[has_no_answer], targets.shape[1]).transpose(1, 2).to(targets.dtype)
    soft = cross_entropy(scores / plan.temperature, targets) * plan.temperature**2
    return (1 - plan.soft) * hard + plan.soft * soft


def scores_of(network: SpanNetwork, inputs: Sequence[Tensor], allowed: Tensor, is_half: bool) -> Tensor:
    """A start and an end score for each piece, shape (texts, size, 2); far below all others where not allowed."""
    with torch.autocast(allowed.device.type, torch.bfloat16, enabled=is_half):
        scores: Tensor = network(*inputs)
    return scores.float().masked_fill(~allowed[..., None], MASKED)


class TrainingRun:
    """A training run: network, optimiser and progress (`done`, 0 to 1; `step`, the number of batches trained on)."""

    def __init__(self, network: SpanNetwork, plan: Plan, steps: int, teachers: Sequence[SpanNetwork] = ()) -> None:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self.network, self.plan, self.steps = network.to(device), plan, steps
        self.teachers = [teacher.to(device).eval() for teacher in teachers]
        network.set_dropout(plan.dropout)
        for part in network.frozen():
            part.requires_grad_(False)
        trained = [weight for weight in network.parameters() if weight.requires_grad]
        self.optimiser = torch.optim.AdamW(trained, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        self.step, self.done = 0, 0.0
        distillation = [len(teachers), plan.soft, plan.temperature] if teachers else []
        self._settings = [steps, plan.batch, plan.seed, plan.learning_rate, plan.dropout, *distillation]
        self._started, self._done_before = time.time(), 0.0

    def load(self, path: Path) -> None:
        """Resume from a checkpoint. Raises ModelError for a checkpoint of another run."""
        stored: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
        if stored.get("of") != self._settings:
            raise ModelError(f"{path} is of a run with other examples or settings; name another folder with --to")
        self.network.load_state_dict(stored["network"])
        self.optimiser.load_state_dict(stored["optimiser"])
        self.step, self.done = stored["step"], stored["done"]
        self._done_before = self.done

    def save(self, path: Path) -> None:
        """Write a checkpoint, under another name first, so that a complete one always exists."""
        temporary = path.with_suffix(".new")
        stored = {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "done": self.done,
            "of": self._settings,
        }
        torch.save(stored, temporary)
        temporary.replace(path)

    def train_on(self, batch: Sequence[Tensor]) -> float:
        """Train one step on the batch; return the loss before it."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.learning_rate * min(self.done / WARM_UP + 1e-3, (1 - self.done) / (1 - WARM_UP))
        torch.manual_seed(self.plan.seed + self.step)  # so that dropout is the same when a run is resumed
        loss = loss_of(self.network, batch, self.plan, self.teachers)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self.done = max(self.step / self.steps, self._done_by_time())
        return float(loss.detach())

    def _done_by_time(self) -> float:
        """How far the run is if time ends it, 0 to 1; 0 without a time limit."""
        if self.plan.until is None:
            return 0.0
        left = self.plan.until - self._started
        if left <= 0:
            return 1.0
        return self._done_before + (1 - self._done_before) * (time.time() - self._started) / left


def train(
    epochs: Sequence[TrainingExamples],
    network: Trained,
    plan: Plan,
    folder: Path,
    teachers: Sequence[SpanNetwork] = (),
) -> Trained:
    """The trained network. It is also written to the folder, as are the checkpoints."""
    epoch_batches = [batches(examples, plan.seed + number, plan.batch) for number, examples in enumerate(epochs)]
    run = TrainingRun(network, plan, sum(map(len, epoch_batches)), teachers)
    checkpoint = folder / CHECKPOINT
    folder.mkdir(parents=True, exist_ok=True)
    if checkpoint.exists():
        run.load(checkpoint)
        _log(f"resuming at step {run.step} of {run.steps}")
    network.train()
    saved = logged = time.time()
    losses: list[float] = []
    for examples, rows in list(_all_batches(epochs, epoch_batches))[run.step :]:
        if run.done >= 1:
            break
        losses.append(run.train_on(examples.collate(rows)))
        if run.step % _LOG_EVERY == 0:
            speed = len(losses) / (time.time() - logged)
            _log(
                f"step {run.step} of {run.steps}, {run.done:.1%} done, loss {np.mean(losses):.3f}, {speed:.2f} steps/s"
            )
            losses, logged = [], time.time()
        if time.time() - saved > plan.save_every_s:
            run.save(checkpoint)
            saved = time.time()
    run.save(checkpoint)
    save_network(network, folder)
    _log(f"finished at step {run.step} of {run.steps}")
    return network


def _all_batches(
    epochs: Sequence[TrainingExamples], epoch_batches: Sequence[list[list[int]]]
) -> Iterator[tuple[TrainingExamples, list[int]]]:
    """Each batch of all epochs, in order, as its epoch's examples and its row numbers."""
    for examples, all_rows in zip(epochs, epoch_batches, strict=True):
        for rows in all_rows:
            yield examples, rows


def _log(line: str) -> None:
    print(f"{datetime.now():%H:%M:%S} {line}", file=sys.stderr, flush=True)


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add the flags of a Plan, and --to and --threads."""
    parser.add_argument("--to", type=Path, required=True, help="the folder for checkpoints and the trained network")
    parser.add_argument("--until", type=datetime.fromisoformat, help="when to stop: a date and time with a time zone")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--soft", type=float, default=SOFT, help="the teachers' share of the loss, 0 to 1")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--teach-answers-only", action="store_true", help="ask teachers about answerable examples only")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, help="CPU threads to use (default: all)")
    parser.add_argument("--save-every-s", type=float, default=600.0)
    parser.add_argument("--fp32", action="store_true", help="do not use bfloat16, which is slow on some processors")


def plan_of(given: argparse.Namespace) -> Plan:
    """The plan that the flags give; also sets the number of threads and torch's seed."""
    if given.threads:
        torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    return Plan(
        seed=given.seed,
        learning_rate=given.learning_rate,
        until=given.until.timestamp() if given.until else None,
        save_every_s=given.save_every_s,
        is_half=not given.fp32,
        batch=given.batch,
        dropout=given.dropout,
        soft=given.soft,
        temperature=given.temperature,
        teach_answers_only=given.teach_answers_only,
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, nargs="+", help="files of examples, one per epoch")
    parser.add_argument("--from", dest="start", type=Path, help="the folder of a trained network to start from")
    parser.add_argument("--taught-by", type=Path, nargs="+", default=[], help="folders of teachers: trained networks")
    add_plan(parser)
    given = parser.parse_args(argv)
    plan = plan_of(given)
    epochs = [load_examples(path) for path in given.examples]
    network = load_network(given.start) if given.start else from_encoder(find_source(READER_BASE))
    train(epochs, network, plan, given.to, [load_network(folder) for folder in given.taught_by])
    return 0


if __name__ == "__main__":
    sys.exit(main())
