"""Learn: ten short chapters, each a figure to touch, a question, and a way into another tab."""

from ..components.learn import learn_view
from ..shared import Shared, Tab


def build(shared: Shared) -> None:
    learn_view()


TAB = Tab(title="Learn", build=build)
