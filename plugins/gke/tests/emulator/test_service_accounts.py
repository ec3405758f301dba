from __future__ import annotations

SCRIPT = """
import json, os, ssl, urllib.request, urllib.error
folder = "/var/run/secrets/kubernetes.io/serviceaccount"
folder = os.environ.get("FOLDER", folder)
host = os.environ["KUBERNETES_SERVICE_HOST"]
port = os.environ["KUBERNETES_SERVICE_PORT"]
trust = ssl.create_default_context(cafile=f"{folder}/ca.crt")
token = open(f"{folder}/token").read()
for name in ("mine", "other"):
  request = urllib.request.Request(
    f"https://{host}:{port}/api/v1/namespaces/default/configmaps/{name}",
    method="DELETE", headers={"Authorization": f"Bearer {token}"},
  )
  try:
    print(urllib.request.urlopen(request, context=trust).status)
  except urllib.error.HTTPError as error:
    print(error.code, json.load(error)["message"])
"""
FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount"


def prepare(kube, rules):
  for name in ("mine", "other"):
    body = {"metadata": {"name": name}}
    kube.call("POST", "/api/v1/namespaces/default/configmaps", body)
  group = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
  role = {"metadata": {"name": "role"}, "rules": rules}
  assert kube.call("POST", f"{group}/roles", role)[0] == 201
  binding = {
    "metadata": {"name": "binding"},
    "roleRef": {
      "apiGroup": "rbac.authorization.k8s.io",
      "kind": "Role",
      "name": "role",
    },
    "subjects": [
      {"kind": "ServiceAccount", "name": "default", "namespace": "default"}
    ],
  }
  assert kube.call("POST", f"{group}/rolebindings", binding)[0] == 201


def test_a_pods_own_token_may_do_what_its_account_is_bound_to(kube):
  rule = {
    "apiGroups": [""],
    "resources": ["configmaps"],
    "resourceNames": ["mine"],
    "verbs": ["delete"],
  }
  prepare(kube, [rule])
  container = {"env": [{"name": "FOLDER", "value": FOLDER}]}
  kube.pod(SCRIPT, container=container)
  kube.finished()
  assert kube.logs("pod").splitlines() == [
    "200",
    '403 configmaps "other" is forbidden: User'
    ' "system:serviceaccount:default:default" cannot delete resource'
    ' "configmaps" in API group "" in the namespace "default"',
  ]
