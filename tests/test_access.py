"""One table: every address x every role x whose row, GET and POST; and a menu that shows only what is allowed.

A new address fails here until it has its lines in the table.
"""

import datetime as dt
import functools
import re
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils.functional import cached_property

from amanat_tracker.generic.photos import check_photo
from amanat_tracker.generic.uploads import check_upload
from branches import actions as work
from branches.choices import Role
from branches.models import Assignment, Branch, ConsentText, Maslikhat, User
from roadmap import actions
from roadmap.choices import CHECKLIST, BodyKind, Status
from roadmap.models import Roadmap

pytestmark = pytest.mark.usefixtures("noon")

# Whose row: `own` and `other` are branches of the region, `abroad` one of another region; `-` where there is no row.
# Territorial roles are held in `own` (other: in `other`), the rest in the region; the administrator sees everything.
# login: sent to log in; 302: sent on; 403: seen, not permitted; 404: not theirs; 405: not that way; 422: refused entry.
TABLE = """
address                                 row    method anon  nobod secr  other recep contr coord chair obsrv admin
home                                    -      GET    login 302   302   302   302   302   302   302   302   302
home                                    -      POST   login 302   302   302   302   302   302   302   302   302
branches:login                          -      GET    200   302   302   302   302   302   302   302   302   302
branches:login                          -      POST   200   302   302   302   302   302   302   302   302   302
branches:logout                         -      GET    405   405   405   405   405   405   405   405   405   405
branches:logout                         -      POST   login login login login login login login login login login
branches:set_language                   -      GET    405   405   405   405   405   405   405   405   405   405
branches:set_language                   -      POST   302   302   302   302   302   302   302   302   302   302
branches:profile                        -      GET    login 200   200   200   200   200   200   200   200   200
branches:profile                        -      POST   login 405   405   405   405   405   405   405   405   405
branches:password_change                -      GET    login 200   200   200   200   200   200   200   200   200
branches:password_change                -      POST   login 302   302   302   302   302   302   302   302   302
roadmap:today                           -      GET    login 403   200   200   403   403   200   403   403   403
roadmap:today                           own    GET    login 403   200   404   403   403   200   403   403   403
roadmap:today                           other  GET    login 403   404   200   403   403   200   403   403   403
roadmap:today                           abroad GET    login 403   404   404   403   403   404   403   403   403
roadmap:today                           own    POST   login 403   302   404   403   403   302   403   403   403
roadmap:today                           other  POST   login 403   404   302   403   403   302   403   403   403
roadmap:today                           abroad POST   login 403   404   404   403   403   404   403   403   403
roadmap:overview                        -      GET    login 403   403   403   403   200   200   200   200   200
roadmap:overview                        own    GET    login 403   403   403   403   200   200   200   200   200
roadmap:overview                        abroad GET    login 403   403   403   403   404   404   404   404   200
roadmap:overview                        -      POST   login 403   403   403   403   405   405   405   405   405
roadmap:figures                         -      GET    login 403   403   403   403   200   200   200   200   200
roadmap:figures                         own    GET    login 403   403   403   403   200   200   200   200   200
roadmap:figures                         abroad GET    login 403   403   403   403   404   404   404   404   200
roadmap:figures                         -      POST   login 405   405   405   405   405   405   405   405   405
roadmap:roadmap_list                    -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:roadmap_list                    -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:measure_list                    -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:measure_list                    -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:report_several                  -      GET    login 403   302   302   403   403   302   403   403   403
roadmap:report_several                  own    POST   login 403   200   302   403   403   200   403   403   403
roadmap:report_several                  other  POST   login 403   302   200   403   403   200   403   403   403
roadmap:report_several                  abroad POST   login 403   302   302   403   403   302   403   403   403
roadmap:measure_detail                  own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:measure_detail                  other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:measure_detail                  abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:measure_detail                  own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:measure_report                  own    GET    login 404   200   404   403   403   200   403   403   403
roadmap:measure_report                  other  GET    login 404   404   200   404   403   200   403   403   403
roadmap:measure_report                  abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:measure_report                  own    POST   login 404   302   404   403   403   302   403   403   403
roadmap:measure_report                  other  POST   login 404   404   302   404   403   302   403   403   403
roadmap:measure_report                  abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:measure_deadline                own    GET    login 404   403   404   403   403   200   403   403   403
roadmap:measure_deadline                other  GET    login 404   404   403   404   403   200   403   403   403
roadmap:measure_deadline                abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:measure_deadline                own    POST   login 404   403   404   403   403   302   403   403   403
roadmap:measure_deadline                other  POST   login 404   404   403   404   403   302   403   403   403
roadmap:measure_deadline                abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:report_correct                  own    GET    login 404   403   404   403   403   200   403   403   403
roadmap:report_correct                  other  GET    login 404   404   403   404   403   200   403   403   403
roadmap:report_correct                  abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:report_correct                  own    POST   login 404   403   404   403   403   302   403   403   403
roadmap:report_correct                  other  POST   login 404   404   403   404   403   302   403   403   403
roadmap:report_correct                  abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:report_verify                   own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:report_verify                   other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:report_verify                   abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:report_verify                   own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:report_verify                   other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:report_verify                   abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:evidence                        own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:evidence                        other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:evidence                        abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:evidence                        own    POST   login 405   405   405   405   405   405   405   405   405
branches:project_list                   -      GET    login 403   200   200   200   200   200   200   200   200
branches:project_list                   -      POST   login 403   405   405   405   405   405   405   405   405
branches:reception                      -      GET    login 403   200   200   200   200   200   200   200   200
branches:reception                      -      POST   login 403   405   405   405   405   405   405   405   405
branches:topic_table                    -      GET    login 403   200   200   200   200   200   200   200   200
branches:topic_table                    -      POST   login 403   405   405   405   405   405   405   405   405
branches:topics_csv                     -      GET    login 403   200   200   200   200   200   200   200   200
branches:topics_csv                     -      POST   login 405   405   405   405   405   405   405   405   405
branches:request_list                   -      GET    login 403   200   200   200   200   200   200   200   200
branches:request_list                   -      POST   login 403   405   405   405   405   405   405   405   405
branches:event_list                     -      GET    login 403   200   200   200   200   200   200   200   200
branches:event_list                     -      POST   login 403   405   405   405   405   405   405   405   405
branches:organisation                   -      GET    login 403   302   302   302   200   200   200   200   200
branches:organisation                   -      POST   login 403   405   405   405   405   405   405   405   405
branches:project_entry                  -      GET    login 403   200   200   403   403   200   403   403   403
branches:project_entry                  own    GET    login 403   200   404   403   403   200   403   403   403
branches:project_entry                  own    POST   login 403   302   404   403   403   302   403   403   403
branches:project_entry                  other  GET    login 403   404   200   403   403   200   403   403   403
branches:project_entry                  other  POST   login 403   404   302   403   403   302   403   403   403
branches:project_entry                  abroad GET    login 403   404   404   403   403   404   403   403   403
branches:project_entry                  abroad POST   login 403   404   404   403   403   404   403   403   403
branches:request_register               -      GET    login 403   200   200   200   403   403   403   403   403
branches:request_register               own    GET    login 403   200   404   200   403   403   403   403   403
branches:request_register               own    POST   login 403   302   404   302   403   403   403   403   403
branches:request_register               other  GET    login 403   404   200   404   403   403   403   403   403
branches:request_register               other  POST   login 403   404   302   404   403   403   403   403   403
branches:request_register               abroad GET    login 403   404   404   404   403   403   403   403   403
branches:request_register               abroad POST   login 403   404   404   404   403   403   403   403   403
branches:event_record                   -      GET    login 403   200   200   200   403   403   403   403   403
branches:event_record                   own    GET    login 403   200   404   200   403   403   403   403   403
branches:event_record                   own    POST   login 403   302   404   302   403   403   403   403   403
branches:event_record                   other  GET    login 403   404   200   404   403   403   403   403   403
branches:event_record                   other  POST   login 403   404   302   404   403   403   403   403   403
branches:event_record                   abroad GET    login 403   404   404   404   403   403   403   403   403
branches:event_record                   abroad POST   login 403   404   404   404   403   403   403   403   403
branches:request_find                   -      GET    login 403   200   200   200   403   403   403   403   403
branches:request_find                   -      POST   login 403   200   200   200   403   403   403   403   403
branches:opening_list                   -      GET    login 403   403   403   403   403   200   403   403   403
branches:opening_list                   -      POST   login 403   403   403   403   403   405   403   403   403
branches:project_detail                 own    GET    login 403   200   200   200   200   200   200   200   200
branches:project_detail                 other  GET    login 403   200   200   200   200   200   200   200   200
branches:project_detail                 abroad GET    login 403   200   200   200   200   200   200   200   200
branches:project_detail                 own    POST   login 403   405   405   405   405   405   405   405   405
branches:indicator_detail               own    GET    login 403   200   200   200   200   200   200   200   200
branches:indicator_detail               other  GET    login 403   200   200   200   200   200   200   200   200
branches:indicator_detail               abroad GET    login 403   200   200   200   200   200   200   200   200
branches:indicator_detail               own    POST   login 403   405   405   405   405   405   405   405   405
branches:event_detail                   own    GET    login 404   200   404   200   200   200   200   200   200
branches:event_detail                   other  GET    login 404   404   200   404   200   200   200   200   200
branches:event_detail                   abroad GET    login 404   404   404   404   404   404   404   404   200
branches:event_detail                   own    POST   login 405   405   405   405   405   405   405   405   405
branches:event_annul                    own    GET    login 404   200   404   200   403   403   403   403   403
branches:event_annul                    own    POST   login 404   302   404   302   403   403   403   403   403
branches:event_annul                    other  GET    login 404   404   200   404   403   403   403   403   403
branches:event_annul                    other  POST   login 404   404   302   404   403   403   403   403   403
branches:event_annul                    abroad GET    login 404   404   404   404   404   404   404   404   403
branches:event_annul                    abroad POST   login 404   404   404   404   404   404   404   404   403
branches:branch_detail                  own    GET    login 404   200   404   200   200   200   200   200   200
branches:branch_detail                  other  GET    login 404   404   200   404   200   200   200   200   200
branches:branch_detail                  abroad GET    login 404   404   404   404   404   404   404   404   200
branches:branch_detail                  own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:request_detail                  own    GET    login 404   200   404   200   403   403   403   403   403
roadmap:request_detail                  other  GET    login 404   404   200   404   403   403   403   403   403
roadmap:request_detail                  abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:request_detail                  own    POST   login 405   405   405   405   405   405   405   405   405
branches:request_step                   own    GET    login 404   200   404   200   403   403   403   403   403
branches:request_step                   own    POST   login 404   302   404   302   403   403   403   403   403
branches:request_step                   other  GET    login 404   404   200   404   403   403   403   403   403
branches:request_step                   other  POST   login 404   404   302   404   403   403   403   403   403
branches:request_step                   abroad GET    login 404   404   404   404   404   404   404   404   403
branches:request_step                   abroad POST   login 404   404   404   404   404   404   404   404   403
branches:applicant_change               own    GET    login 404   200   404   200   403   403   403   403   403
branches:applicant_change               own    POST   login 404   302   404   302   403   403   403   403   403
branches:applicant_change               other  GET    login 404   404   200   404   403   403   403   403   403
branches:applicant_change               other  POST   login 404   404   302   404   403   403   403   403   403
branches:applicant_change               abroad GET    login 404   404   404   404   404   404   404   404   403
branches:applicant_change               abroad POST   login 404   404   404   404   404   404   404   404   403
branches:consent_withdraw               own    GET    login 404   200   404   200   403   403   403   403   403
branches:consent_withdraw               own    POST   login 404   302   404   302   403   403   403   403   403
branches:consent_withdraw               other  GET    login 404   404   200   404   403   403   403   403   403
branches:consent_withdraw               other  POST   login 404   404   302   404   403   403   403   403   403
branches:consent_withdraw               abroad GET    login 404   404   404   404   404   404   404   404   403
branches:consent_withdraw               abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:request_link                    own    GET    login 404   200   404   200   403   403   403   403   403
roadmap:request_link                    own    POST   login 404   302   404   302   403   403   403   403   403
roadmap:request_link                    other  GET    login 404   404   200   404   403   403   403   403   403
roadmap:request_link                    other  POST   login 404   404   302   404   403   403   403   403   403
roadmap:request_link                    abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:request_link                    abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:request_refer                   own    GET    login 404   200   404   200   403   403   403   403   403
roadmap:request_refer                   own    POST   login 404   302   404   302   403   403   403   403   403
roadmap:request_refer                   other  GET    login 404   404   200   404   403   403   403   403   403
roadmap:request_refer                   other  POST   login 404   404   302   404   403   403   403   403   403
roadmap:request_refer                   abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:request_refer                   abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:request_recommend               own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:request_recommend               own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:request_recommend               other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:request_recommend               other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:request_recommend               abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:request_recommend               abroad POST   login 404   404   404   404   404   404   404   404   403
branches:reception_rule                 own    GET    login 404   403   404   403   403   200   403   403   403
branches:reception_rule                 own    POST   login 404   403   404   403   403   302   403   403   403
branches:reception_rule                 other  GET    login 404   404   403   404   403   200   403   403   403
branches:reception_rule                 other  POST   login 404   404   403   404   403   302   403   403   403
branches:reception_rule                 abroad GET    login 404   404   404   404   404   404   404   404   403
branches:reception_rule                 abroad POST   login 404   404   404   404   404   404   404   404   403
branches:membership_report              own    GET    login 404   200   404   403   403   200   403   403   403
branches:membership_report              own    POST   login 404   302   404   403   403   302   403   403   403
branches:membership_report              other  GET    login 404   404   200   404   403   200   403   403   403
branches:membership_report              other  POST   login 404   404   302   404   403   302   403   403   403
branches:membership_report              abroad GET    login 404   404   404   404   404   404   404   404   403
branches:membership_report              abroad POST   login 404   404   404   404   404   404   404   404   403
branches:wing_report                    own    GET    login 404   200   404   403   403   200   403   403   403
branches:wing_report                    own    POST   login 404   302   404   403   403   302   403   403   403
branches:wing_report                    other  GET    login 404   404   200   404   403   200   403   403   403
branches:wing_report                    other  POST   login 404   404   302   404   403   302   403   403   403
branches:wing_report                    abroad GET    login 404   404   404   404   404   404   404   404   403
branches:wing_report                    abroad POST   login 404   404   404   404   404   404   404   404   403
branches:faction_report                 own    GET    login 404   200   404   403   403   200   403   403   403
branches:faction_report                 own    POST   login 404   302   404   403   403   302   403   403   403
branches:faction_report                 other  GET    login 404   404   200   404   403   200   403   403   403
branches:faction_report                 other  POST   login 404   404   302   404   403   302   403   403   403
branches:faction_report                 abroad GET    login 404   404   404   404   404   404   404   404   403
branches:faction_report                 abroad POST   login 404   404   404   404   404   404   404   404   403
branches:election_record                own    GET    login 404   200   404   403   403   200   403   403   403
branches:election_record                own    POST   login 404   302   404   403   403   302   403   403   403
branches:election_record                other  GET    login 404   404   200   404   403   200   403   403   403
branches:election_record                other  POST   login 404   404   302   404   403   302   403   403   403
branches:election_record                abroad GET    login 404   404   404   404   404   404   404   404   403
branches:election_record                abroad POST   login 404   404   404   404   404   404   404   404   403
branches:election_annul                 own    GET    login 404   200   404   403   403   200   403   403   403
branches:election_annul                 own    POST   login 404   302   404   403   403   302   403   403   403
branches:election_annul                 other  GET    login 404   404   200   404   403   200   403   403   403
branches:election_annul                 other  POST   login 404   404   302   404   403   302   403   403   403
branches:election_annul                 abroad GET    login 404   404   404   404   404   404   404   404   403
branches:election_annul                 abroad POST   login 404   404   404   404   404   404   404   404   403
branches:appoint                        own    GET    login 404   200   404   403   403   200   403   403   403
branches:appoint                        own    POST   login 404   302   404   403   403   302   403   403   403
branches:appoint                        other  GET    login 404   404   200   404   403   200   403   403   403
branches:appoint                        other  POST   login 404   404   302   404   403   302   403   403   403
branches:appoint                        abroad GET    login 404   404   404   404   404   404   404   404   403
branches:appoint                        abroad POST   login 404   404   404   404   404   404   404   404   403
healthz                                 -      GET    200   200   200   200   200   200   200   200   200   200
healthz                                 -      POST   405   405   405   405   405   405   405   405   405   405
roadmap:site_list                       -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:site_list                       -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:post_list                       -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:post_list                       -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:visit_list                      -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:visit_list                      -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:meeting_list                    -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:meeting_list                    -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:recommendation_list             -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:recommendation_list             -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:council_list                    -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:council_list                    -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:issue_list                      -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:issue_list                      -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:proposal_list                   -      GET    login 403   200   200   200   200   200   200   200   200
roadmap:proposal_list                   -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:control_home                    -      GET    login 403   302   302   302   200   302   302   302   302
roadmap:control_home                    -      POST   login 403   405   405   405   405   405   405   405   405
roadmap:site_detail                     own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:site_detail                     other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:site_detail                     abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:site_detail                     own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:post_detail                     own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:post_detail                     other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:post_detail                     abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:post_detail                     own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:visit_detail                    own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:visit_detail                    other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:visit_detail                    abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:visit_detail                    own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:photo                           own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:photo                           other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:photo                           abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:photo                           own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:photo_thumbnail                 own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:photo_thumbnail                 other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:photo_thumbnail                 abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:photo_thumbnail                 own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:body_detail                     own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:body_detail                     other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:body_detail                     abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:body_detail                     own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:meeting_detail                  own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:meeting_detail                  other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:meeting_detail                  abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:meeting_detail                  own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:meeting_file                    own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:meeting_file                    other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:meeting_file                    abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:meeting_file                    own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:recommendation_detail           own    GET    login 404   200   404   200   200   200   200   200   200
roadmap:recommendation_detail           other  GET    login 404   404   200   404   200   200   200   200   200
roadmap:recommendation_detail           abroad GET    login 404   404   404   404   404   404   404   404   200
roadmap:recommendation_detail           own    POST   login 405   405   405   405   405   405   405   405   405
roadmap:site_change                     own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:site_change                     own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:site_change                     other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:site_change                     other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:site_change                     abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:site_change                     abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:site_state                      own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:site_state                      own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:site_state                      other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:site_state                      other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:site_state                      abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:site_state                      abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:visit_record                    own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:visit_record                    own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:visit_record                    other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:visit_record                    other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:visit_record                    abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:visit_record                    abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:post_close                      own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:post_close                      own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:post_close                      other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:post_close                      other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:post_close                      abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:post_close                      abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:post_reopen                     own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:post_reopen                     own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:post_reopen                     other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:post_reopen                     other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:post_reopen                     abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:post_reopen                     abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:meeting_record                  own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:meeting_record                  own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:meeting_record                  other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:meeting_record                  other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:meeting_record                  abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:meeting_record                  abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:meeting_annul                   own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:meeting_annul                   own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:meeting_annul                   other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:meeting_annul                   other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:meeting_annul                   abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:meeting_annul                   abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:meeting_record@council          own    GET    login 404   200   404   403   403   200   403   403   403
roadmap:meeting_record@council          own    POST   login 404   302   404   403   403   302   403   403   403
roadmap:meeting_record@council          other  GET    login 404   404   200   404   403   200   403   403   403
roadmap:meeting_record@council          other  POST   login 404   404   302   404   403   302   403   403   403
roadmap:meeting_record@council          abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:meeting_record@council          abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:meeting_annul@council           own    GET    login 404   200   404   403   403   200   403   403   403
roadmap:meeting_annul@council           own    POST   login 404   302   404   403   403   302   403   403   403
roadmap:meeting_annul@council           other  GET    login 404   404   200   404   403   200   403   403   403
roadmap:meeting_annul@council           other  POST   login 404   404   302   404   403   302   403   403   403
roadmap:meeting_annul@council           abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:meeting_annul@council           abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_follow           own    GET    login 404   200   404   403   200   200   403   403   403
roadmap:recommendation_follow           own    POST   login 404   302   404   403   302   302   403   403   403
roadmap:recommendation_follow           other  GET    login 404   404   200   404   200   200   403   403   403
roadmap:recommendation_follow           other  POST   login 404   404   302   404   302   302   403   403   403
roadmap:recommendation_follow           abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_follow           abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_verify           own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:recommendation_verify           own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:recommendation_verify           other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:recommendation_verify           other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:recommendation_verify           abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_verify           abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_withdraw         own    GET    login 404   403   404   403   200   403   403   403   403
roadmap:recommendation_withdraw         own    POST   login 404   403   404   403   302   403   403   403   403
roadmap:recommendation_withdraw         other  GET    login 404   404   403   404   200   403   403   403   403
roadmap:recommendation_withdraw         other  POST   login 404   404   403   404   302   403   403   403   403
roadmap:recommendation_withdraw         abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_withdraw         abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_withdraw@council own    GET    login 404   200   404   403   403   200   403   403   403
roadmap:recommendation_withdraw@council own    POST   login 404   302   404   403   403   302   403   403   403
roadmap:recommendation_withdraw@council other  GET    login 404   404   200   404   403   200   403   403   403
roadmap:recommendation_withdraw@council other  POST   login 404   404   302   404   403   302   403   403   403
roadmap:recommendation_withdraw@council abroad GET    login 404   404   404   404   404   404   404   404   403
roadmap:recommendation_withdraw@council abroad POST   login 404   404   404   404   404   404   404   404   403
roadmap:site_register                   -      GET    login 403   403   403   403   200   403   403   403   403
roadmap:site_register                   -      POST   login 403   403   403   403   200   403   403   403   403
roadmap:site_register                   own    GET    login 403   403   403   403   200   403   403   403   403
roadmap:site_register                   own    POST   login 403   403   403   403   302   403   403   403   403
roadmap:site_register                   other  GET    login 403   403   403   403   200   403   403   403   403
roadmap:site_register                   other  POST   login 403   403   403   403   302   403   403   403   403
roadmap:site_register                   abroad GET    login 403   403   403   403   404   403   403   403   403
roadmap:site_register                   abroad POST   login 403   403   403   403   404   403   403   403   403
roadmap:post_open                       -      GET    login 403   403   403   403   200   403   403   403   403
roadmap:post_open                       -      POST   login 403   403   403   403   200   403   403   403   403
roadmap:post_open                       own    GET    login 403   403   403   403   200   403   403   403   403
roadmap:post_open                       own    POST   login 403   403   403   403   302   403   403   403   403
roadmap:post_open                       other  GET    login 403   403   403   403   200   403   403   403   403
roadmap:post_open                       other  POST   login 403   403   403   403   302   403   403   403   403
roadmap:post_open                       abroad GET    login 403   403   403   403   404   403   403   403   403
roadmap:post_open                       abroad POST   login 403   403   403   403   404   403   403   403   403
roadmap:recommendation_issue            -      GET    login 403   403   403   403   200   403   403   403   403
roadmap:recommendation_issue            -      POST   login 403   403   403   403   200   403   403   403   403
roadmap:recommendation_issue            own    GET    login 403   403   403   403   200   403   403   403   403
roadmap:recommendation_issue            own    POST   login 403   403   403   403   302   403   403   403   403
roadmap:recommendation_issue            other  GET    login 403   403   403   403   200   403   403   403   403
roadmap:recommendation_issue            other  POST   login 403   403   403   403   302   403   403   403   403
roadmap:recommendation_issue            abroad GET    login 403   403   403   403   404   403   403   403   403
roadmap:recommendation_issue            abroad POST   login 403   403   403   403   404   403   403   403   403
robots                                  -      GET    200   200   200   200   200   200   200   200   200   200
robots                                  -      POST   405   405   405   405   405   405   405   405   405   405
favicon                                 -      GET    302   302   302   302   302   302   302   302   302   302
favicon                                 -      POST   405   405   405   405   405   405   405   405   405   405
"""
PEOPLE = (
    "anonymous",
    "nobody",
    "secretary",
    "other_secretary",
    *(role.value for role in list(Role)[1:]),
    "administrator",
)
LINES = [line.split() for line in TABLE.strip().splitlines()[1:]]
EXPECTED = {tuple(line[:3]): dict(zip(PEOPLE, line[3:], strict=True)) for line in LINES}
ADDRESSES = list(dict.fromkeys(address for address, _row, _method in EXPECTED))


class Rows:
    """The rows of one branch that the table speaks of; each is made when it is first asked for."""

    def __init__(self, cast, photograph, *, slug, roadmap, secretary, inspector, convener):
        self.cast, self.photograph, self.slug, self.roadmap = cast, photograph, slug, roadmap
        self.secretary, self.inspector, self.convener = secretary, inspector, convener

    def site_of(self, **fields):
        return self.cast.add_site(self.slug, by=self.inspector, district=self.roadmap.branch.district, **fields)

    def meeting_of(self, body, by, **parts):
        said = {"today": self.cast.today, "held_on": self.cast.today, "agenda": [actions.Point("мәселе")]}
        return actions.record_meeting(body=body, by=by, **said, **parts)

    def advised(self, body, by):
        advice = actions.Advice(text="ұсыныс", addressee="әкімдік", due_on=self.cast.today)
        return self.meeting_of(body, by, advice=[advice]).recommendations.get()

    @cached_property
    def measure(self):
        return self.cast.add_measure(roadmap=self.roadmap)

    @cached_property
    def claimed(self):
        return self.report.measure

    @cached_property
    def report(self):
        act = check_upload(SimpleUploadedFile("акт.pdf", b"%PDF-1.7\n"))
        said = {"by": self.secretary, "today": self.cast.today, "status": Status.DONE, "evidence": [act]}
        return actions.report_status(measure=self.cast.add_measure(roadmap=self.roadmap), **said).report

    @cached_property
    def evidence(self):
        return self.report.evidence.get()

    @cached_property
    def site(self):
        return self.site_of()

    @cached_property
    def post(self):
        return self.cast.add_post(self.site, by=self.inspector)

    @cached_property
    def closed_post(self):
        post = self.cast.add_post(self.site_of(), by=self.inspector)
        actions.close_post(post=post, by=self.inspector, today=self.cast.today, reason="cancelled", note="тоқтады")
        return post

    @cached_property
    def photo(self):
        photos = [check_photo(self.photograph())]
        said = {"by": self.inspector, "today": self.cast.today, "readiness": 40, "photos": photos}
        return actions.record_visit(site=self.site, **said).visit.photos.get()

    @cached_property
    def visit(self):
        return self.photo.visit

    @cached_property
    def commission(self):
        return self.cast.add_body(self.slug, BodyKind.COMMISSION)

    @cached_property
    def council(self):
        return self.cast.add_body(self.slug, BodyKind.COUNCIL)

    @cached_property
    def file(self):
        minutes = check_upload(SimpleUploadedFile("хаттама.pdf", b"%PDF-1.7\n"))
        return self.meeting_of(self.commission, self.inspector, files=[minutes]).files.get()

    @cached_property
    def meeting(self):
        return self.file.meeting

    @cached_property
    def sitting(self):
        return self.meeting_of(self.council, self.convener)

    @cached_property
    def recommendation(self):
        return self.advised(self.commission, self.inspector)

    @cached_property
    def proposal(self):
        return self.advised(self.council, self.convener)

    @cached_property
    def branch(self):
        return self.roadmap.branch

    @cached_property
    def maslikhat(self):
        names = dict.fromkeys(("name_kk", "name_ru", "name_en"), "мәслихат")
        return Maslikhat.objects.create(branch=self.branch, seats=18, **names)

    @cached_property
    def election(self):
        said = {"kind": "rural_akim", "held_on": self.cast.today, "seats": 1, "nominated": 1, "won": 1}
        return work.record_election(branch=self.branch, by=self.secretary, today=self.cast.today, **said)

    @cached_property
    def event(self):
        said = {"kind": "open_day", "place": "мәдениет үйі", "held_on": self.cast.today, "today": self.cast.today}
        return work.record_event(branch=self.branch, by=self.secretary, **said)

    @cached_property
    def request(self):
        return self.cast.add_request(self.slug, by=self.secretary)

    @cached_property
    def referred(self):
        request = self.cast.add_request(self.slug, by=self.secretary)
        actions.refer_request(request=request, by=self.secretary, today=self.cast.today, note="көпірді қарау")
        return request

    @cached_property
    def project(self):
        return self.cast.project

    @cached_property
    def indicator(self):
        return self.cast.indicator

    @cached_property
    def done(self):
        row = self.advised(self.commission, self.inspector)
        actions.follow_recommendation(recommendation=row, by=self.secretary, today=self.cast.today, state="done")
        return row


@pytest.fixture
def rows(cast, abroad, photograph):
    """The rows of two branches of the region, and of one abroad."""
    foreign = Roadmap.objects.create(
        programme=cast.programme, branch=abroad.branch, year=2025, approved_on=dt.date(2025, 1, 15)
    )
    stranger = User.objects.create_user("stranger")
    Assignment.objects.create(user=stranger, role=Role.SECRETARY, branch=abroad.branch)
    people, here = cast.people, {"inspector": cast.people.controller, "convener": cast.people.coordinator}
    there = {"inspector": abroad.controller, "convener": stranger, "secretary": stranger}
    of = functools.partial(Rows, cast, photograph)
    return {
        "own": of(slug="own", roadmap=cast.roadmaps["own"], secretary=people.secretary, **here),
        "other": of(slug="other", roadmap=cast.roadmaps["other"], secretary=people.other_secretary, **here),
        "abroad": of(slug="abroad", roadmap=foreign, **there),
    }


BY_SLUG = ("branch_detail", "membership_report", "wing_report", "faction_report", "election_record", "appoint")
WHICH_ROW = {
    "roadmap:measure_detail": "claimed",
    "roadmap:measure_report": "measure",
    "roadmap:measure_deadline": "measure",
    "roadmap:report_correct": "report",
    "roadmap:report_verify": "report",
    "roadmap:evidence": "evidence",
    "roadmap:site_detail": "site",
    "roadmap:site_change": "site",
    "roadmap:site_state": "site",
    "roadmap:visit_record": "site",
    "roadmap:post_detail": "post",
    "roadmap:post_close": "post",
    "roadmap:post_reopen": "closed_post",
    "roadmap:visit_detail": "visit",
    "roadmap:photo": "photo",
    "roadmap:photo_thumbnail": "photo",
    "roadmap:body_detail": "commission",
    "roadmap:meeting_record": "commission",
    "roadmap:meeting_detail": "meeting",
    "roadmap:meeting_annul": "meeting",
    "roadmap:meeting_file": "file",
    "roadmap:recommendation_detail": "recommendation",
    "roadmap:recommendation_follow": "recommendation",
    "roadmap:recommendation_verify": "done",
    "roadmap:recommendation_withdraw": "recommendation",
    "roadmap:request_detail": "request",
    "roadmap:request_link": "request",
    "roadmap:request_refer": "request",
    "roadmap:request_recommend": "referred",
    "branches:request_step": "request",
    "branches:applicant_change": "request",
    "branches:consent_withdraw": "request",
    "branches:event_detail": "event",
    "branches:event_annul": "event",
    "branches:election_annul": "election",
    "branches:project_detail": "project",
    "branches:indicator_detail": "indicator",
    "branches:reception_rule": "branch",
    **{f"branches:{name}": "branch" for name in BY_SLUG},
}
# The same addresses of councils, which are convened by other people: "address@row".
OF_COUNCILS = {
    "roadmap:meeting_record@council": "council",
    "roadmap:meeting_annul@council": "sitting",
    "roadmap:recommendation_withdraw@council": "proposal",
}


def entry(address, row):
    """What a person types into the form of an address: all of it right, so that only access decides."""
    return {
        "branches:login": {"username": "nobody", "password": "wrong"},
        "branches:set_language": {"language": "ru"},
        "branches:password_change": {
            "old_password": "кілт-сөз-2025",
            "new_password1": "жаңа-сөз-2026",
            "new_password2": "жаңа-сөз-2026",
        },
        "roadmap:today": row and {"measure": row.measure.pk, "status": "done", "note": "", "seen": 0},
        "roadmap:report_several": row and {"measure": [row.measure.pk], "status": "done", "note": ""},
        "roadmap:measure_report": {"status": "done", "reported_on": "2025-06-16", "seen": 0},
        "roadmap:measure_deadline": {"new_deadline": "2025-11-30", "reason": "funding"},
        "roadmap:report_correct": {"status": "in_progress", "reported_on": "2025-06-16", "note": "қате"},
        "roadmap:report_verify": {"verdict": "confirms", "seen_on": "2025-06-16", "basis": "акт"},
        "roadmap:site_register": row
        and {"branch": row.slug, **site_entry(row), "state": "construction", "state_on": "2025-06-16"},
        "roadmap:site_change": row and site_entry(row),
        "roadmap:site_state": {"state": "suspended", "happened_on": "2025-06-16", "note": "қаржы тоқтады"},
        "roadmap:visit_record": {"readiness": "55", "visited_on": "2025-06-16", "kind": "visit"}
        | dict.fromkeys(CHECKLIST, "unchecked"),
        "roadmap:post_open": row and {"sites": [row.site.pk], "chair": "Ермекбаев", "opened_on": "2025-06-16"},
        "roadmap:post_close": {"reason": "cancelled", "happened_on": "2025-06-16", "note": "тоқтады"},
        "roadmap:post_reopen": {"happened_on": "2025-06-16", "note": "жұмыс басталды"},
        "roadmap:meeting_record": {"kind": "regular", "held_on": "2025-06-16", "point_1_title": "мәселе"},
        "roadmap:meeting_annul": {"note": "қате"},
        "roadmap:recommendation_follow": {"state": "in_work", "note": "басталды"},
        "roadmap:recommendation_verify": {"state": "verified", "happened_on": "2025-06-16"},
        "roadmap:recommendation_withdraw": {"note": "неге", "happened_on": "2025-06-16"},
        "branches:request_register": row
        and {
            "branch": row.slug,
            "received_on": "2025-06-16",
            "topic": row.cast.topics[0].pk,
            "kind": "application",
            "channel": "desk",
            "summary": "Көше шамы жанбайды",
            "full_name": "Ойданов Өтініш",
            "is_agreed": "on",
            "consent_shown": ConsentText.objects.get().fingerprint,
            "consent_channel": "written",
        },
        "branches:event_record": row
        and {"branch": row.slug, "kind": "open_day", "held_on": "2025-06-16", "place": "мәдениет үйі"},
        "branches:event_annul": {"note": "екі рет енгізілген"},
        "branches:request_find": {"full_name": "Ойданов Өтініш"},
        "branches:request_step": {"state": "in_work", "happened_on": "2025-06-16"},
        "branches:applicant_change": {"full_name": "Ойданов Өзгерген"},
        "branches:consent_withdraw": {"channel": "written", "happened_on": "2025-06-16"},
        "branches:reception_rule": {"answer_days": "10"},
        "branches:membership_report": {"as_on": "2025-06-16", "primary_organisations": "12", "members": "3400"},
        "branches:wing_report": {"as_on": "2025-06-16", "wing": "women", "members": "340"},
        "branches:faction_report": {"as_on": "2025-06-16", "members": "15", "leader": "Ойданов"},
        "branches:election_record": {
            "kind": "rural_akim",
            "held_on": "2025-06-01",
            "seats": "1",
            "nominated": "1",
            "won": "1",
            "place": "ауыл",
        },
        "branches:election_annul": {"note": "екі рет енгізілген"},
        "branches:appoint": {"position": "chair", "full_name": "Ойданов", "since": "2025-06-16"},
        "roadmap:request_link": row and {"measure": row.measure.pk},
        "roadmap:request_refer": {"note": "көпірді қарау"},
        "roadmap:request_recommend": {
            "text": "Көпірді жөндеу",
            "addressee": "бөлім",
            "issued_on": "2025-06-16",
            "due_on": "2025-08-01",
        },
        "roadmap:recommendation_issue": {
            "monitoring": "II тоқсан",
            "text": "Төбені жабу",
            "addressee": "бөлім",
            "issued_on": "2025-06-16",
            "due_on": "2025-08-01",
        },
    }.get(address.partition("@")[0], {})


def site_entry(row):
    """What is written of a site."""
    return {"name": row.site.name, "kind": "education", "district": row.roadmap.branch.district.pk}


def prepare(address, row):
    """Make the rows that an address is asked with, so that they outlive what a POST does."""
    entry(address, row)
    if address == "branches:faction_report":
        row.maslikhat  # noqa: B018 made
    kept = (WHICH_ROW | OF_COUNCILS).get(address)
    if kept:
        getattr(row, kept)


def answer_of(client, address, slug, method, row):
    """What an address answers, in the words of the table."""
    kept = (WHICH_ROW | OF_COUNCILS).get(address)
    address, _of, _councils = address.partition("@")
    if kept:
        key = row.slug if address.partition(":")[2] in BY_SLUG else getattr(row, kept).pk
        url = reverse(address, args=[key])
    else:
        url = reverse(address, query={"branch": slug} if row and address != "roadmap:report_several" else None)
    response = client.get(url) if method == "GET" else client.post(url, entry(address, row))
    if response.streaming:
        list(response)  # a file is closed when all of it is read
    if response.status_code == 302 and response.headers["Location"].startswith(reverse("branches:login")):
        return "login"
    return str(response.status_code)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_table(cast, rows, as_user, address):
    clients = {person: as_user(getattr(cast.people, person, None)) for person in PEOPLE}
    cookies = {person: client.cookies.output(header="") for person, client in clients.items()}
    for row in rows.values():
        prepare(address, row)
    for (line_address, slug, method), expected in EXPECTED.items():
        if line_address != address:
            continue
        answers = {}
        for person, client in clients.items():
            with transaction.atomic():  # what a POST did is taken back
                answers[person] = answer_of(client, address, slug, method, rows.get(slug))
                transaction.set_rollback(True)
            client.cookies = SimpleCookie(cookies[person])
        assert answers == expected, f"{method} {address} of {slug}"


# --- the table is complete -------------------------------------------------------------------------------------------
def addresses(patterns=None, namespace=""):
    """Every named address of the site: (name, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)


def test_every_address_has_its_lines():
    named = {name: pattern for name, pattern in addresses() if not name.startswith("admin:")}
    assert set(named) == set(ADDRESSES) - set(OF_COUNCILS)
    for name, pattern in named.items():
        methods = {method for address, _row, method in EXPECTED if address == name}
        slugs = {slug for address, slug, _method in EXPECTED if address == name}
        assert methods == {"GET", "POST"}, name
        assert (name in WHICH_ROW) == bool(pattern.pattern.converters), name
        assert slugs == {"own", "other", "abroad"} if name in WHICH_ROW else "-" in slugs, name


def test_every_person_of_the_cast_has_a_column(cast):
    assert set(vars(cast.people)) == set(PEOPLE) - {"anonymous"}


# --- the office ------------------------------------------------------------------------------------------------------
def office_urls():
    """Every address of the administrator's office; a row is asked for by a key that may not be there."""
    (office,) = (pattern for pattern in get_resolver().url_patterns if getattr(pattern, "namespace", "") == "admin")
    waiting = [(reverse("admin:index"), pattern) for pattern in office.url_patterns]
    for before, pattern in waiting:
        route = str(pattern.pattern)
        by_expression = {"app_list": "branches/"}.get(getattr(pattern, "name", ""), "nowhere/")
        address = before + (by_expression if "(?P" in route else re.sub("<[^>]+>", "1", route))
        if isinstance(pattern, URLPattern):
            yield address
        else:
            waiting.extend((address, inner) for inner in pattern.url_patterns)


def test_the_office_is_for_the_administrator_only(cast, as_user):
    urls, login, site_login = list(office_urls()), reverse("admin:login"), reverse("branches:login")
    assert len(urls) > 5 * len(admin.site._registry)
    for person in PEOPLE:
        if person == "administrator":
            continue
        client = as_user(getattr(cast.people, person, None))
        for url in urls:
            if url not in (login, reverse("admin:logout")):
                response = client.get(url)
                sent_to = {login, site_login} if person == "anonymous" else {login}
                assert response.status_code == 302, f"{person} {url}"
                assert response.headers["Location"].split("?")[0] in sent_to, f"{person} {url}"
        assert answer_of(client, "admin:login", "-", "GET", None) == ("login" if person == "anonymous" else "403")


def test_the_administrator_opens_every_page_of_the_office(cast, rows, as_user):
    client = as_user(cast.people.administrator)
    assert client.get(reverse("admin:index")).status_code == 200
    for model, its_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        response = client.get(reverse(f"{name}_changelist"))
        assert response.status_code == 200, name
        may_add = its_admin.has_add_permission(response.wsgi_request)
        assert client.get(reverse(f"{name}_add")).status_code == (200 if may_add else 403), name
        row = model._default_manager.first()
        if row:
            assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200, name


# --- the menu --------------------------------------------------------------------------------------------------------
NOT_IN_THE_MENU = {  # for machines; reached from a list, a card, a tab
    "roadmap:figures",
    "roadmap:report_several",
    *(f"roadmap:{noun}_list" for noun in ("site", "post", "visit", "meeting", "recommendation", "issue", "proposal")),
    "roadmap:site_register",
    "roadmap:post_open",
    "roadmap:recommendation_issue",
    *(f"branches:{name}" for name in ("project_entry", "topic_table", "topics_csv", "request_list", "event_list")),
    *(f"branches:{name}" for name in ("request_register", "request_find", "event_record", "opening_list")),
    *(f"branches:{name}" for name in ("login", "profile", "password_change")),
}


@pytest.mark.parametrize("person", PEOPLE[1:])
def test_the_menu_shows_what_is_allowed_and_nothing_else(cast, rows, as_user, person):
    client = as_user(getattr(cast.people, person))
    page = client.get(reverse("branches:profile")).content.decode()
    menu = re.search(r'<nav class="nav".*?</nav>', page, re.DOTALL).group()
    links = re.findall(r'href="([^"]+)"', menu)
    allowed = [
        reverse(address)
        for (address, slug, method), expected in EXPECTED.items()
        if slug == "-" and method == "GET" and expected[person] in ("200", "302")
        if address.startswith(("roadmap:", "branches:")) and address not in NOT_IN_THE_MENU
    ]
    if person == "administrator":
        allowed.append(reverse("admin:index"))
    assert sorted(links) == sorted(allowed)
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_nobody_logged_in_sees_no_menu(cast, as_user):
    page = as_user(None).get(reverse("branches:login")).content.decode()
    assert '<nav class="nav"' not in page


# --- who has left ----------------------------------------------------------------------------------------------------
def test_who_has_left_is_logged_out_everywhere(cast, rows, as_user):
    """A deactivated person is anonymous from the next request on, also with an open browser."""
    client, user = as_user(cast.people.coordinator), cast.people.coordinator
    assert client.get(reverse("roadmap:today")).status_code == 200
    user.is_active = False
    user.save()
    for address in ("home", "roadmap:today", "roadmap:overview", "roadmap:measure_list", "branches:profile"):
        assert answer_of(client, address, "-", "GET", None) == "login"


def test_a_role_that_is_taken_away_ends_at_once(cast, rows, as_user):
    client = as_user(cast.people.secretary)
    url = reverse("roadmap:measure_report", args=[rows["own"].measure.pk])
    assert client.get(url).status_code == 200
    Assignment.objects.filter(user=cast.people.secretary).delete()
    assert client.get(url).status_code == 404
    assert client.get(reverse("roadmap:today")).status_code == 403


def test_a_role_in_a_region_covers_a_branch_that_is_opened_later(cast, rows, as_user):
    client = as_user(cast.people.observer)
    url = reverse("roadmap:measure_detail", args=[rows["abroad"].measure.pk])
    assert client.get(url).status_code == 404
    Branch.objects.filter(slug="abroad").update(region=cast.region)
    assert client.get(url).status_code == 200
