"""
Find out what keeps a person from signing in, and what to type next: the guide's troubleshooting, automated.

`views` are what each tool sees, `reach` is a call, `diagnose` says what is wrong with either.
"""

from keywright.client.doctor.diagnosing import diagnose
from keywright.client.doctor.diagnosis import Diagnosis, Gravity
from keywright.client.doctor.old_tools import OldAws
from keywright.client.doctor.reaching import Reached, reach
from keywright.client.doctor.views import View, views

__all__ = ["Diagnosis", "Gravity", "OldAws", "Reached", "View", "diagnose", "reach", "views"]
