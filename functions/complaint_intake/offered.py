"""What a client offers to complain about: the categories of a jurisdiction and their questions."""

from shared.jurisdiction import Attribute, Jurisdiction, Visibility
from shared.models import View

#: Enough keywords for a client's search; the whole list would be most of a slow phone's download.
FEW_KEYWORDS = 8


class AttributeView(View):
    """An extra question of a category."""

    code: str
    description: str
    datatype: str
    required: bool
    values: dict[str, str]
    #: Of some values: why a complaint that gives it is refused, and where to turn instead.
    stops: dict[str, str]


class CategoryView(View):
    """A category as a client offers it."""

    service_code: str
    service_name: str
    description: str
    group: str
    keywords: list[str]
    visibility: Visibility
    #: To be read before submitting.
    notice: str | None
    #: How far around a place a complaint of it counts as the same.
    radius_m: int
    attributes: list[AttributeView]


class Categories(View):
    """The categories of a jurisdiction, in the order in which to offer them."""

    jurisdiction_id: str
    name: str
    categories: list[CategoryView]


def categories(jurisdiction: Jurisdiction, language: str) -> Categories:
    """Return a jurisdiction's categories in a language."""

    def question(attribute: Attribute) -> AttributeView:
        return AttributeView(
            code=attribute.code,
            description=attribute.description.in_language(language),
            datatype=attribute.datatype,
            required=attribute.required,
            values={value.key: value.name.in_language(language) for value in attribute.values},
            stops={
                value.key: value.stop.in_language(language)
                for value in attribute.values
                if value.stop
            },
        )

    return Categories(
        jurisdiction_id=jurisdiction.id,
        name=jurisdiction.name.in_language(language),
        categories=[
            CategoryView(
                service_code=category.service_code,
                service_name=category.name.in_language(language),
                description=category.description.in_language(language),
                group=category.group.in_language(language),
                keywords=[keyword.rstrip("*") for keyword in category.keywords[:FEW_KEYWORDS]],
                visibility=category.visibility,
                notice=category.notice.in_language(language) if category.notice else None,
                radius_m=category.radius_m,
                attributes=[
                    question(jurisdiction.attribute_by_code[code]) for code in category.attributes
                ],
            )
            for category in jurisdiction.categories
        ],
    )
