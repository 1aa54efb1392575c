# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that name a cloud; `module_utils/authentication.py` has them as an argument spec."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - openstacksdk >= 4.0.0
options:
  cloud:
    description:
      - The cloud to talk to, by its name in C(clouds.yaml), or as a dict with all that
        C(openstack.connect) of openstacksdk takes (V(auth), V(region_name) and so on).
      - Left out, the cloud that the environment names (E(OS_CLOUD), or E(OS_AUTH_URL) and its kin).
      - Of a dict, only the secret leaves (passwords, tokens and so on) are masked in output.
    type: raw
  auth:
    description:
      - Credentials as the authentication plugin named in O(auth_type) takes them, for example
        V(auth_url), V(username), V(password), V(project_name), V(user_domain_name) and
        V(project_domain_name).
      - With an V(auth_url) and without O(cloud), it stands for itself; nothing is taken from
        C(clouds.yaml) or from the environment then. Otherwise it overrides what is found there.
      - Only the secret leaves are masked in output.
    type: dict
  auth_type:
    description:
      - Name of a keystoneauth plugin, for example V(password) or V(v3applicationcredential).
    type: str
  region_name:
    description:
      - Region of the cloud.
    type: str
  interface:
    description:
      - Which of a service's addresses to use. Left out, what C(clouds.yaml) says, else V(public).
    type: str
    choices: [admin, internal, public]
    aliases: [endpoint_type]
  validate_certs:
    description:
      - Whether to check the certificates of the cloud's services. Left out, what C(clouds.yaml)
        says, else V(true).
    type: bool
    aliases: [verify]
  ca_cert:
    description:
      - File with the certificates of the authorities to trust.
    type: path
    aliases: [cacert]
  client_cert:
    description:
      - File with a certificate for the client to show.
    type: path
    aliases: [cert]
  client_key:
    description:
      - File with the key of O(client_cert).
    type: path
    aliases: [key]
  api_timeout:
    description:
      - How many seconds to wait for an answer to a request. Left out, what C(clouds.yaml) says,
        else 60.
      - A service that never answered is given this time only once, however many addresses it has.
    type: int
  wait:
    description:
      - Whether to wait for an image whose data is being written by somebody else before it is
        changed. If V(false), the task fails then. Modules that only read wait for nothing.
    type: bool
    default: true
  timeout:
    description:
      - How many seconds to wait without any progress. Of an upload by somebody else no progress
        shows, so there it is the whole time.
    type: int
    default: 180
  sdk_log_path:
    description:
      - File for the log of openstacksdk.
    type: path
  sdk_log_level:
    description:
      - How much to log. V(DEBUG) includes requests and answers, V(INFO) little more than
        warnings.
    type: str
    default: INFO
    choices: [INFO, DEBUG]
notes:
  - Authentication options and their aliases are those of the C(openstack.cloud) collection, so that
    one entry of C(module_defaults) for C(group/curator.glance.glance) serves the modules of both.
  - The module runs where the task runs, usually on the control node (C(connection=local)).
"""
