"""Wrong answers to the exercises of `mixed_precision`."""

import math

import torch

from katas.learner import Callback, CancelBatchException, CancelEpochException


class _Scale:
    """A right one, from which the wrong ones below differ in one place."""

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        self.scale_now, self.growth, self.backoff, self.interval = start, growth, backoff, interval
        self.good, self.done = 0, set()

    def scale(self, loss):
        return loss * self.scale_now

    def divide(self, grad):
        grad.div_(self.scale_now)

    def finite(self, grads):
        return all(bool(torch.isfinite(grad).all()) for grad in grads)

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        for p in params:
            if p not in self.done:
                self.divide(p.grad)
                self.done.add(p)
        return self.finite([p.grad for p in params])

    def grow(self):
        self.good += 1
        if self.good == self.interval:
            self.scale_now, self.good = self.scale_now * self.growth, 0

    def back_off(self):
        self.scale_now, self.good = max(1.0, self.scale_now * self.backoff), 0

    def update(self, finite):
        self.done.clear()
        if finite:
            self.grow()
        else:
            self.back_off()

    def state_dict(self):
        return {k: o for k, o in vars(self).items() if k != "done"}

    def load_state_dict(self, state):
        vars(self).update(state)


class DynamicScale(_Scale):
    """Divides the loss by the factor."""

    def scale(self, loss):
        return loss / self.scale_now


class DynamicScale(_Scale):
    """Multiplies the loss in place, so the learner's own loss changes."""

    def scale(self, loss):
        with torch.no_grad():
            loss *= self.scale_now
        return loss


class DynamicScale(_Scale):
    """Detaches the loss."""

    def scale(self, loss):
        return loss.detach() * self.scale_now


class DynamicScale(_Scale):
    """Puts new tensors in the place of the gradients instead of dividing them in place."""

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        for p in params:
            if p not in self.done:
                p.grad = p.grad / self.scale_now
                self.done.add(p)
        return self.finite([p.grad for p in params])


class DynamicScale(_Scale):
    """Divides a gradient again each time its parameter is listed or `unscale` is called."""

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        for p in params:
            self.divide(p.grad)
        return self.finite([p.grad for p in params])


class DynamicScale(_Scale):
    """Divides in the first call only, so a parameter of a second call stays scaled."""

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        if not self.done:
            for p in {id(p): p for p in params}.values():
                self.divide(p.grad)
            self.done.update(params)
        return self.finite([p.grad for p in params])


class DynamicScale(_Scale):
    """Divides once per call, so a second call before the update divides again."""

    def unscale(self, params):
        self.done.clear()
        return super().unscale(params)


class DynamicScale(_Scale):
    """Never divides a parameter a second time, even after an update."""

    def update(self, finite):
        done = set(self.done)
        super().update(finite)
        self.done = done


class DynamicScale(_Scale):
    """Clears its record of divided gradients only after good steps."""

    def update(self, finite):
        done = set() if finite else set(self.done)
        super().update(finite)
        self.done = done


class DynamicScale(_Scale):
    """Judges only the gradients that it divides, so a second call says that all are finite."""

    def unscale(self, params):
        params = [p for p in params if p.grad is not None and p not in self.done]
        return super().unscale(params)


class DynamicScale(_Scale):
    """Stops at the first gradient that isn't finite, so later ones stay scaled."""

    def unscale(self, params):
        for p in params:
            if p.grad is not None:
                if not super().unscale([p]):
                    return False
        return True


class DynamicScale(_Scale):
    """Loops over the parameters twice, but a generator is empty the second time."""

    def unscale(self, params):
        for p in params:
            if p.grad is not None and p not in self.done:
                self.divide(p.grad)
                self.done.add(p)
        return self.finite([p.grad for p in params if p.grad is not None])


class DynamicScale(_Scale):
    """Fails for a parameter without a gradient."""

    def unscale(self, params):
        for p in params:
            p.grad.shape  # noqa: B018
        return super().unscale(params)


class DynamicScale(_Scale):
    """Says that gradients aren't finite where there are none."""

    def unscale(self, params):
        params = list(params)
        found = super().unscale(params)
        return found and any(p.grad is not None for p in params)


class DynamicScale(_Scale):
    """Looks for NaN only, and lets infinite gradients pass."""

    def finite(self, grads):
        return not any(bool(grad.isnan().any()) for grad in grads)


class DynamicScale(_Scale):
    """Looks for infinity only, and lets NaN pass."""

    def finite(self, grads):
        return not any(bool(grad.isinf().any()) for grad in grads)


class DynamicScale(_Scale):
    """Compares with infinity, and so misses minus infinity and NaN."""

    def finite(self, grads):
        return not any(bool((grad == math.inf).any()) for grad in grads)


class DynamicScale(_Scale):
    """Judges only the last gradient."""

    def finite(self, grads):
        return super().finite(grads[-1:])


class DynamicScale(_Scale):
    """Judges only the first gradient."""

    def finite(self, grads):
        return super().finite(grads[:1])


class DynamicScale(_Scale):
    """Asks whether any gradient is finite instead of all."""

    def finite(self, grads):
        return not grads or any(bool(grad.isfinite().all()) for grad in grads)


class DynamicScale(_Scale):
    """Judges by a gradient's sum, as the lecture does, which overflows for large numbers."""

    def finite(self, grads):
        return all(math.isfinite(float(grad.sum())) for grad in grads)


class DynamicScale(_Scale):
    """Judges by the norm, whose squares overflow."""

    def finite(self, grads):
        return all(math.isfinite(float((grad * grad).sum().sqrt())) for grad in grads)


class DynamicScale(_Scale):
    """Returns True when a gradient isn't finite, so the answer is the wrong way round."""

    def unscale(self, params):
        return not super().unscale(params)


class DynamicScale(_Scale):
    """Returns a tensor instead of a bool."""

    def unscale(self, params):
        return torch.tensor(super().unscale(params))


class DynamicScale(_Scale):
    """Returns nothing."""

    def unscale(self, params):
        super().unscale(params)


class DynamicScale(_Scale):
    """Multiplies the gradients by the factor."""

    def divide(self, grad):
        grad.mul_(self.scale_now)


class DynamicScale(_Scale):
    """Sets gradients that aren't finite to 0 and says that all are finite."""

    def divide(self, grad):
        grad.div_(self.scale_now).nan_to_num_(0.0, 0.0, 0.0)


class DynamicScale(_Scale):
    """Grows after `interval` good steps in total, even with bad ones in between."""

    def back_off(self):
        good = self.good
        super().back_off()
        self.good = good


class DynamicScale(_Scale):
    """Grows with every good step from the `interval`-th on, without counting from 0 again."""

    def grow(self):
        self.good += 1
        if self.good >= self.interval:
            self.scale_now *= self.growth


class DynamicScale(_Scale):
    """Grows one step too late."""

    def grow(self):
        self.good += 1
        if self.good > self.interval:
            self.scale_now, self.good = self.scale_now * self.growth, 0


class DynamicScale(_Scale):
    """Grows every `interval` steps, good or bad."""

    def update(self, finite):
        self.done.clear()
        self.good += 1
        if not finite:
            self.scale_now = max(1.0, self.scale_now * self.backoff)
        elif self.good % self.interval == 0:
            self.scale_now *= self.growth


class DynamicScale(_Scale):
    """Grows with every good step."""

    def grow(self):
        self.scale_now *= self.growth


class DynamicScale(_Scale):
    """Never grows."""

    def grow(self):
        self.good += 1


class DynamicScale(_Scale):
    """Doubles and halves, whatever growth and backoff are."""

    def grow(self):
        self.good += 1
        if self.good == self.interval:
            self.scale_now, self.good = self.scale_now * 2, 0

    def back_off(self):
        self.scale_now, self.good = max(1.0, self.scale_now / 2), 0


class DynamicScale(_Scale):
    """Divides by backoff, so a bad step makes the factor larger."""

    def back_off(self):
        self.scale_now, self.good = max(1.0, self.scale_now / self.backoff), 0


class DynamicScale(_Scale):
    """Backs off by the growth factor instead of backoff."""

    def back_off(self):
        self.scale_now, self.good = max(1.0, self.scale_now / self.growth), 0


class DynamicScale(_Scale):
    """Has no lower limit, so the factor falls below 1."""

    def back_off(self):
        self.scale_now, self.good = self.scale_now * self.backoff, 0


class DynamicScale(_Scale):
    """Keeps the factor where it is when it would fall below 1."""

    def back_off(self):
        lower = self.scale_now * self.backoff
        self.scale_now, self.good = lower if lower >= 1 else self.scale_now, 0


class DynamicScale(_Scale):
    """Resets the factor to its starting value after a bad step at the lower limit."""

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        super().__init__(start, growth, backoff, interval)
        self.start = start

    def back_off(self):
        self.scale_now, self.good = self.scale_now * self.backoff, 0
        if self.scale_now < 1:
            self.scale_now = self.start


class DynamicScale(_Scale):
    """Has an upper limit of 2**16."""

    def grow(self):
        super().grow()
        self.scale_now = min(self.scale_now, 2.0**16)


class DynamicScale(_Scale):
    """Starts at 2**15 by default."""

    def __init__(self, start=2.0**15, growth=2.0, backoff=0.5, interval=2000):
        super().__init__(start, growth, backoff, interval)


class DynamicScale(_Scale):
    """Grows after 1000 good steps by default, although the lecture uses 500 and torch 2000."""

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=1000):
        super().__init__(start, growth, backoff, interval)


class DynamicScale(_Scale):
    """Saves the factor alone, so settings and count are lost."""

    def state_dict(self):
        return {"scale_now": self.scale_now}


class DynamicScale(_Scale):
    """Saves factor and settings, but not the count of good steps."""

    def state_dict(self):
        return {k: o for k, o in super().state_dict().items() if k != "good"}


class DynamicScale(_Scale):
    """Keeps its own settings when it loads a state."""

    def load_state_dict(self, state):
        self.scale_now, self.good = state["scale_now"], state["good"]


class DynamicScale(_Scale):
    """Returns its own `__dict__` as the state, so later steps change it."""

    def state_dict(self):
        return vars(self)


class DynamicScale(_Scale):
    """Uses the loaded dict as its own attributes, so its steps change the caller's state."""

    def load_state_dict(self, state):
        state.setdefault("done", set())
        self.__dict__ = state


class DynamicScale(_Scale):
    """Loads the factor halved, to be careful."""

    def load_state_dict(self, state):
        super().load_state_dict(state)
        self.scale_now = max(1.0, self.scale_now / 2)


class DynamicScale(_Scale):
    """Marks gradients by their shape, so a second parameter of the same shape stays scaled."""

    def unscale(self, params):
        params = [p for p in params if p.grad is not None]
        for p in params:
            if p.shape not in self.done:
                self.divide(p.grad)
                self.done.add(p.shape)
        return self.finite([p.grad for p in params])


class DynamicScale(_Scale):
    """Shares one record of divided gradients among all its instances."""

    shared = set()

    def __init__(self, start=2.0**16, growth=2.0, backoff=0.5, interval=2000):
        super().__init__(start, growth, backoff, interval)
        self.done = self.shared


class _Half(Callback):
    """A right one, from which the wrong ones below differ in one place."""

    _order = math.inf
    handles = ()

    def __init__(self, dtype=torch.bfloat16):
        self.dtype, self.skipped = dtype, 0
        self.scaler = _Scale() if dtype == torch.float16 else None
        self.region = None

    def begin_fit(self):
        self.skipped = 0
        enter = self.model.register_forward_pre_hook(lambda m, args: self.enter())
        leave = self.model.register_forward_hook(
            lambda m, args, out: self.leave(out), always_call=True
        )
        self.handles = [enter, leave]

    def enter(self):
        self.region = torch.autocast("cpu", self.dtype)
        self.region.__enter__()

    def close(self):
        if self.region is not None:
            self.region.__exit__(None, None, None)
            self.region = None

    def leave(self, out):
        self.close()
        return None if out is None else self.output(out)

    def output(self, out):
        return out.float()

    def after_loss(self):
        if self.in_train and self.scaler is not None:
            self.loss.backward = self.backward

    def before(self, params):
        for p in params:
            if p.grad is not None:
                p.grad.mul_(self.scaler.scale_now)

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        finite = self.scaler.unscale(params)
        self.scaler.update(finite)
        if not finite:
            self.skip()

    def skip(self):
        self.skipped += 1
        self.model.zero_grad()
        raise CancelBatchException

    def after_fit(self):
        for handle in self.handles:
            handle.remove()
        self.close()


class MixedPrecision(_Half):
    """Leaves predictions in 16 bits, and so the loss."""

    def output(self, out):
        return out


class MixedPrecision(_Half):
    """Computes in bfloat16, whatever dtype is."""

    def enter(self):
        self.region = torch.autocast("cpu", torch.bfloat16)
        self.region.__enter__()


class MixedPrecision(_Half):
    """Computes in float16 by default."""

    def __init__(self, dtype=torch.float16):
        super().__init__(dtype)


class MixedPrecision(_Half):
    """Runs validation in float32."""

    def enter(self):
        if self.in_train:
            super().enter()


class MixedPrecision(_Half):
    """Runs training in float32 and validation in 16 bits."""

    def enter(self):
        if not self.in_train:
            super().enter()


class MixedPrecision(Callback):
    """Turns autocast on for the whole fit."""

    _order = math.inf

    def __init__(self, dtype=torch.bfloat16):
        self.dtype, self.skipped = dtype, 0
        self.scaler = _Scale() if dtype == torch.float16 else None

    def begin_fit(self):
        self.region = torch.autocast("cpu", self.dtype)
        self.region.__enter__()

    def after_pred(self):
        self.run.pred = self.pred.float()

    def after_fit(self):
        self.region.__exit__(None, None, None)


class MixedPrecision(_Half):
    """Turns autocast on in begin_batch and off after the loss, so the loss runs in it."""

    def begin_fit(self):
        self.skipped = 0

    def begin_batch(self):
        self.enter()

    def after_pred(self):
        self.run.pred = self.pred.float()

    def after_loss(self):
        self.close()
        super().after_loss()


class MixedPrecision(_Half):
    """Turns autocast on in begin_batch and off in after_pred, so other callbacks run in it."""

    _order = 10

    def begin_fit(self):
        self.skipped = 0

    def begin_batch(self):
        self.enter()

    def after_pred(self):
        self.close()
        self.run.pred = self.pred.float()

    def after_batch(self):
        self.close()


class MixedPrecision(_Half):
    """Leaves its hooks on the model, so that it computes in 16 bits after the fit."""

    def after_fit(self):
        return


class MixedPrecision(_Half):
    """Removes its hooks at the end of the last epoch, and not after an error."""

    def after_epoch(self):
        if self.epoch == self.epochs - 1:
            _Half.after_fit(self)

    def after_fit(self):
        return


class MixedPrecision(_Half):
    """Leaves autocast on after an error in the model."""

    def begin_fit(self):
        self.skipped = 0
        enter = self.model.register_forward_pre_hook(lambda m, args: self.enter())
        leave = self.model.register_forward_hook(lambda m, args, out: self.leave(out))
        self.handles = [enter, leave]

    def after_fit(self):
        for handle in self.handles:
            handle.remove()


class MixedPrecision(_Half):
    """Converts the model's weights to 16 bits for the duration of the fit."""

    def begin_fit(self):
        super().begin_fit()
        self.model.to(self.dtype)

    def after_fit(self):
        super().after_fit()
        self.model.float()


class MixedPrecision(_Half):
    """Casts the batch instead of computing in autocast, although float32 weights don't accept that."""

    def begin_fit(self):
        self.skipped = 0

    def begin_batch(self):
        self.run.xb = self.xb.to(self.dtype).float()


class MixedPrecision(_Half):
    """Doesn't scale the loss for float16, so small gradients become 0."""

    def after_loss(self):
        return


class MixedPrecision(_Half):
    """Scales for bfloat16 too, and skips batches there."""

    def __init__(self, dtype=torch.bfloat16):
        super().__init__(dtype)
        self.scaler = _Scale(2.0**8)


class MixedPrecision(_Half):
    """Shows the scaled loss to the callbacks that come after it."""

    def after_loss(self):
        if self.in_train and self.scaler is not None:
            self.run.loss = self.scaler.scale(self.loss)

    def after_backward(self):
        if self.scaler is None:
            return
        self.run.loss = self.loss / self.scaler.scale_now
        finite = self.scaler.unscale(self.model.parameters())
        self.scaler.update(finite)
        if not finite:
            self.skip()


class MixedPrecision(_Half):
    """Scales the loss that the learner shows, and puts it back only after the step."""

    _order = -3000

    def after_loss(self):
        if self.in_train and self.scaler is not None:
            self.plain, self.run.loss = self.loss, self.scaler.scale(self.loss)

    def after_backward(self):
        if self.scaler is not None:
            finite = self.scaler.unscale(self.model.parameters())
            self.scaler.update(finite)
            if not finite:
                self.skip()

    def after_step(self):
        if self.scaler is not None:
            self.run.loss = self.plain


class MixedPrecision(_Half):
    """Unscales in its own after_backward, which comes last, so others see scaled gradients."""

    def backward(self):
        self.before(list(self.model.parameters()))
        self.scaler.scale(self.loss).backward()

    def after_backward(self):
        if self.scaler is not None:
            finite = self.scaler.unscale(self.model.parameters())
            self.scaler.update(finite)
            if not finite:
                self.skip()


class MixedPrecision(_Half):
    """Unscales after the step, which is made with scaled gradients."""

    def backward(self):
        self.scaler.scale(self.loss).backward()

    def after_step(self):
        if self.scaler is not None:
            self.scaler.update(self.scaler.unscale(self.model.parameters()))


class MixedPrecision(_Half):
    """Divides gradients of earlier batches again, so accumulated ones become too small."""

    def before(self, params):
        return


class MixedPrecision(_Half):
    """Forgets the gradients of earlier batches, so nothing is accumulated."""

    def before(self, params):
        for p in params:
            p.grad = None


class MixedPrecision(_Half):
    """Steps with gradients that aren't finite."""

    def skip(self):
        self.skipped += 1


class MixedPrecision(_Half):
    """Skips batches without counting them."""

    def skip(self):
        self.model.zero_grad()
        raise CancelBatchException


class MixedPrecision(_Half):
    """Leaves gradients that aren't finite, so every later batch is skipped too."""

    def skip(self):
        self.skipped += 1
        raise CancelBatchException


class MixedPrecision(_Half):
    """Zeroes the gradients and steps all the same, so momentum and decay still move the weights."""

    def skip(self):
        self.skipped += 1
        for p in self.model.parameters():
            if p.grad is not None:
                p.grad.zero_()


class MixedPrecision(_Half):
    """Cancels the epoch instead of the batch."""

    def skip(self):
        self.skipped += 1
        self.model.zero_grad()
        raise CancelEpochException


class MixedPrecision(_Half):
    """Counts skipped batches over all fits."""

    def begin_fit(self):
        skipped = self.skipped
        super().begin_fit()
        self.skipped = skipped


class MixedPrecision(_Half):
    """Counts skipped batches from the start of each epoch."""

    def begin_epoch(self):
        self.skipped = 0


class MixedPrecision(_Half):
    """Counts only batches skipped in a row, not all skipped batches."""

    def backward(self):
        super().backward()
        self.skipped = 0


class MixedPrecision(_Half):
    """Never updates the scaler, so the factor never changes and gradients are unscaled only once."""

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        if not self.scaler.unscale(params):
            self.skip()


class MixedPrecision(_Half):
    """Updates the scaler after good batches only, so a factor that is too large stays."""

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        if not self.scaler.unscale(params):
            self.scaler.done.clear()
            self.skip()
        self.scaler.update(True)


class MixedPrecision(_Half):
    """Tells the scaler that every batch is good."""

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        finite = self.scaler.unscale(params)
        self.scaler.update(True)
        if not finite:
            self.skip()


class MixedPrecision(_Half):
    """Makes a new scaler for each fit, and forgets the factor that it was given."""

    def begin_fit(self):
        super().begin_fit()
        self.scaler = _Scale() if self.scaler is not None else None


class MixedPrecision(_Half):
    """Replaces the learner's loss function by one that scales."""

    def begin_fit(self):
        super().begin_fit()
        self.plain = self.run.loss_func
        self.run.loss_func = lambda pred, yb: self.plain(pred.float(), yb)

    def after_fit(self):
        super().after_fit()
        self.run.loss_func = self.plain


class MixedPrecision(_Half):
    """Skips batches in bfloat16 too where a gradient isn't finite."""

    def after_backward(self):
        grads = [p.grad for p in self.model.parameters() if p.grad is not None]
        if self.scaler is None and not all(grad.isfinite().all() for grad in grads):
            self.skip()


class MixedPrecision(_Half):
    """Clips gradients that aren't finite to 0 instead of cancelling the batch."""

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        self.scaler.update(self.scaler.unscale(params))
        for p in params:
            if p.grad is not None:
                p.grad.nan_to_num_(0.0, 0.0, 0.0)


class MixedPrecision(_Half):
    """Scales by 512, as the lecture's first version does, whatever its scaler says."""

    def backward(self):
        params = list(self.model.parameters())
        self.scaler.scale_now = 512.0
        self.before(params)
        super().backward()


class MixedPrecision(_Half):
    """Comes first in after_loss, so what others do to the loss later isn't scaled."""

    _order = -3000


class MixedPrecision(_Half):
    """Leaves the hook behind that makes the model's output float32."""

    def after_fit(self):
        self.close()
        for handle in self.handles[:1]:
            handle.remove()


class MixedPrecision(_Half):
    """Runs the loss's backward pass in autocast."""

    def backward(self):
        with torch.autocast("cpu", self.dtype):
            super().backward()


class MixedPrecision(_Half):
    """Zeroes only the gradients that aren't finite."""

    def skip(self):
        self.skipped += 1
        for p in self.model.parameters():
            if p.grad is not None and not p.grad.isfinite().all():
                p.grad.zero_()
        raise CancelBatchException


class DynamicScale(_Scale):
    """Takes one off the count after a bad step, so its good steps needn't be in a row."""

    def back_off(self):
        good = max(self.good - 1, 0)
        super().back_off()
        self.good = good


class MixedPrecision(_Half):
    """Checks gradients in `after_backward`, where an earlier callback may have cancelled."""

    def backward(self):
        params = list(self.model.parameters())
        self.before(params)
        self.scaler.scale(self.loss).backward()
        self.finite = self.scaler.unscale(params)

    def after_backward(self):
        if self.scaler is not None:
            self.scaler.update(self.finite)
            if not self.finite:
                self.skip()


class MixedPrecision(_Half):
    """Makes the prediction float32 in `after_pred`, when earlier callbacks have seen 16 bits."""

    def leave(self, out):
        self.close()

    def after_pred(self):
        self.run.pred = self.run.pred.float()


class MixedPrecision(_Half):
    """Converts the inputs too, so callbacks find `learn.xb` in 16 bits."""

    def begin_batch(self):
        self.run.xb = self.run.xb.to(self.dtype)


class MixedPrecision(_Half):
    """Keeps one scaler on the class, so a new callback continues with the factor of an old one."""

    _SHARED = _Scale()

    def __init__(self, dtype=torch.bfloat16):
        super().__init__(dtype)
        self.scaler = self._SHARED
