"""Learn: ten short chapters, each a figure to touch, a question, and a way into another tab."""

from ..components.learn import learn_view
from ..components.page import lead
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    lead("learn")
    learn_view()


TAB = Tab(title="Learn", build=build)
