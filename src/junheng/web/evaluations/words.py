"""How pages call the parts, stages and kinds of a verdict, in both languages, and how far a county is from a line."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STAGES: Mapping[str, Promise] = {"primary": _("小学"), "junior": _("初中")}

PARTS: Mapping[str, Promise] = {
    "resources": _("资源配置"),
    "guarantee": _("政府保障程度"),
    "quality": _("教育质量"),
    "recognition": _("社会认可度"),
    "school_standard": _("学校办学基本标准"),
    "government_work": _("政府推进均衡工作"),
    "scored": _("量化计分"),
    "eligibility": _("申报条件"),
    "veto": _("一票否决"),
}

STEP_KINDS: Mapping[str, Promise] = {
    "veto": _("一票否决"),
    "no_school": _("评估范围"),
    "coefficient": _("差异系数"),
    "composite": _("综合差异系数"),
    "mean": _("全县平均值"),
    "schools": _("学校达标"),
    "item": _("单项指标"),
    "scoring": _("量化计分"),
}

FLIP_KINDS: Mapping[str, Promise] = {
    "county": pgettext_lazy("what a comparison is about", "全县结论"),
    "part": pgettext_lazy("what a comparison is about", "部分"),
    "school": pgettext_lazy("what a comparison is about", "学校"),
    "dispersion": pgettext_lazy("what a comparison is about", "差异系数"),
    "composite": _("综合差异系数"),
    "mean": _("全县平均值"),
    "item": pgettext_lazy("what a comparison is about", "单项指标"),
    "scoring": _("量化计分"),
    "veto": pgettext_lazy("what a comparison is about", "一票否决"),
}
