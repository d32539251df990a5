"""How every form field looks: label, control, help and errors, tied together for screen readers."""

from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Django's form rendering with our own templates of a form and of one field (`{{ form.x.as_field_group }}`)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
