"""Laws of item_lists: what every right answer keeps. You may write them before the answer.

`make laws kata=item_lists` tries each law on right answers, then on mistakes that people make.
`pytest katas/laws/test_item_lists.py` tries it on your own answer.
"""

from hypothesis import given
from hypothesis import strategies as st

from katas.item_lists import ImageList, ItemList

# An example: take the signs away to try it.
#
# @given(st.lists(st.integers(), min_size=1))
# def test_a_slice_is_transformed_too(xs):
#     items = ItemList(xs, tfms=[lambda x: x + 1])
#     assert items[:2] == [x + 1 for x in xs[:2]]


# ItemList: A `ListContainer` that fetches and transforms an item each time you index it.


# ImageList: An item list of picture files: `il[i]` is the picture in the file `il.items[i]`, transformed.
