"""Processes: several that train one network together, started by torchrun."""

import copy
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import torch
import torch.distributed as dist
from torch.utils.data import DataLoader

from ..batches import DataBunch
from ..progress import AvgStatsCallback
from .recipes import TrainError

KEPT = ("num_workers", "pin_memory", "worker_init_fn", "multiprocessing_context")


@contextmanager
def joined() -> Iterator[None]:
    """Together with the other processes, if torchrun has started several."""
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        yield
        return
    dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield
        dist.barrier()  # none leaves while another still works
    finally:
        dist.destroy_process_group()


def end(status: int) -> NoReturn:
    """End this process; one of several without Python's clearing up, which gloo's threads abort."""
    if int(os.environ.get("WORLD_SIZE", 1)) > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def processes() -> tuple[int, int]:
    """Which process this is, and of how many."""
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


@contextmanager
def first_alone() -> Iterator[None]:
    """The first process of each machine, then the others: one makes what all will use."""
    _, world = processes()
    is_first = int(os.environ.get("LOCAL_RANK", 0)) == 0
    if world > 1 and not is_first:
        dist.barrier()
    yield
    if world > 1 and is_first:
        dist.barrier()


class ShardedBatches:
    """The batches of one of several processes: together they hold every sample once.

    n            samples in the data set
    bs           samples in a batch of all processes together
    rank, world  which process, of how many
    shuffle      in a new order each epoch, the same in all processes

    All processes have the same number of batches, since each waits for the others' gradients.
    """

    def __init__(self, n: int, bs: int, rank: int, world: int, shuffle: bool, seed: int) -> None:
        if min(n, bs) < world:
            raise TrainError(f"{world} processes need batches of {world} pictures at least")
        self.n, self.bs, self.rank, self.world = n, bs, rank, world
        self.shuffle, self.seed, self.epoch = shuffle, seed, 0

    def __len__(self) -> int:
        whole, rest = divmod(self.n, self.bs)
        return whole + (rest >= self.world or not whole)

    def __iter__(self) -> Iterator[list[int]]:
        order = list(range(self.n))
        if self.shuffle:
            random.Random(f"{self.seed} {self.epoch}").shuffle(order)
        self.epoch += 1
        for i in range(len(self)):  # fewer samples than processes at the end join the last batch
            end = None if i == len(self) - 1 else (i + 1) * self.bs
            yield order[i * self.bs : end][self.rank :: self.world]


def with_batches(dl: Any, batches: Any) -> Any:
    """The same loader with other batches: each of `batches` is a list of indices."""
    if not isinstance(dl, DataLoader):  # it keeps its pictures
        other = copy.copy(dl)
        other.batch_sampler = batches
        return other
    same = {key: getattr(dl, key) for key in KEPT}
    return DataLoader(dl.dataset, batch_sampler=batches, **same)


def shard(data: DataBunch, bs: int, seed: int, done: int) -> DataBunch:
    """The part of `data` that belongs to this process, after `done` epochs."""

    def part(dl: Any, shuffle: bool) -> Any:
        size = bs if shuffle else len(next(iter(dl.batch_sampler)))
        batches = ShardedBatches(len(dl.dataset), size, *processes(), shuffle, seed)
        batches.epoch = done
        return with_batches(dl, batches)

    return DataBunch(part(data.train_dl, True), part(data.valid_dl, False), data.c_in, data.c_out)


class TimedStats(AvgStatsCallback):
    """The same rows, and in a last column the pictures a second in training."""

    def begin_fit(self) -> None:
        """The header."""
        with self.last_cell(lambda: "pictures/s"):
            super().begin_fit()

    def begin_epoch(self) -> None:
        """No picture yet."""
        super().begin_epoch()
        self.taken, self.first = 0, time.perf_counter()

    def after_loss(self) -> None:
        """Count a batch."""
        super().after_loss()
        self.taken += len(self.xb) if self.in_train else 0

    def begin_validate(self) -> None:
        """Training is over."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self.seconds = time.perf_counter() - self.first

    def after_epoch(self) -> None:
        """A row."""
        with self.last_cell(lambda: f"{processes()[1] * self.taken / self.seconds:.0f}"):
            self.log_averages()

    def log_averages(self) -> None:
        """The row without the last column."""
        super().after_epoch()

    @contextmanager
    def last_cell(self, cell: Callable[[], str]) -> Iterator[None]:
        """Rows that are logged meanwhile have one more cell."""
        logger = self.logger
        self.run.logger = lambda row: logger([*row, cell()])
        try:
            yield
        finally:
            self.run.logger = logger


class SharedStats(TimedStats):
    """The same rows, with averages over the samples of all processes."""

    def begin_epoch(self) -> None:
        """Nothing is counted yet."""
        super().begin_epoch()
        self.counts, self.began = {True: 0, False: 0}, time.time()

    def after_loss(self) -> None:
        """Count a batch."""
        super().after_loss()
        self.counts[self.in_train] += len(self.yb)

    def log_averages(self) -> None:
        """The row without the last column."""
        cells = []
        for stats, in_train in (self.train_stats, True), (self.valid_stats, False):
            sums = torch.tensor([self.counts[in_train], *stats.all_stats], dtype=torch.float64)
            sums = sums.to(next(self.model.parameters()).device)
            dist.all_reduce(sums)
            cells += [f"{o:.6f}" for o in (sums[1:] / sums[0]).tolist()]
        minutes, seconds = divmod(round(time.time() - self.began), 60)
        self.logger([str(self.epoch), *cells, f"{minutes:02d}:{seconds:02d}"])
