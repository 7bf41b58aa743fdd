"""Laws of containers: what every right answer keeps. You may write them before the answer.

`make laws kata=containers` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_containers.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.containers import ListContainer, compose, listify, setify, uniqueify

# An example: take the signs away to try it.
#
# @given(st.lists(st.integers()))
# def test_a_list_is_returned_itself(xs):
#     assert listify(xs) is xs


# listify: `o` as a list: itself if it is one, otherwise a list of what it stands for.


# setify: `o` as a set: itself if it is one, otherwise the set of `listify(o)`.


# uniqueify: A new list of the values in `items`, each once, in order of first appearance.


# compose: `x` passed through all of `funcs`, each called on the result of the one before.


# ListContainer: A box of items that is indexed like a list and also like an array.
