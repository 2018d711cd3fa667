Feature: Grading of the lab user-msvc
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own.

  @points:1 @task:configuration
  Scenario: The learner's ConfigMap and Secret hold what the microservice needs
    Hint: the values of "data" in a Secret are base64; the encoded text must not end with a line break. "stringData" takes plain text.
    Given "configuration.yaml" is applied
    Then "kubectl get configmap user-msvc -o jsonpath='<{.data.mysql-host}>'" prints "<127.0.0.1:3306>"
    And "kubectl get secret user-msvc -o jsonpath='<{.data.datadog-api-key}>'" prints "<OWQ5NDU1NWU2MWE2ZDI=>"
    And "kubectl get secret user-msvc -o jsonpath='<{.data.github-access-token}>'" prints "<Yzk4MDZkNzAxNTQwMjkwOA==>"

  @points:2 @task:pod
  Scenario: The learner's containers share the server's log
    Hint: one volume, which the server mounts at /var/log/user-msvc and the agent at /var/log/monitor.
    Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
    And the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
    And the image "gcr.io/path/to/monitor:1.0.0" is on every node
    And "other-configuration.yaml" is applied
    And the Pod "user-msvc" runs from "pod.yaml"
    And the Pod "asker" runs busybox
    When I run:
      """
      podip=$(kubectl get pod user-msvc -o jsonpath='{.status.podIP}')
      each='[*]}{.name} runs {.image}{"\n"}{end}'
      kubectl get pod user-msvc -o jsonpath="{range .spec.initContainers$each{range .spec.containers$each"
      """
    Then it prints "user-msvc runs [...]gcr.io/path/to/user-msvc:1.0.0"
    And it prints "cloudsql-proxy runs [...]gcr.io/cloudsql-docker/gce-proxy:1.12"
    And it prints "datadog-agent runs [...]gcr.io/path/to/monitor:1.0.0"
    And within 1 second 1 Pod labelled "app=user-msvc" is ready
    And within 20 seconds "kubectl exec asker -- wget -q -O - --no-check-certificate https://$podip/nothing" fails with "404 Not Found"
    And within 20 seconds the container "user-msvc" of the Pod "user-msvc" listens on port 443
    And within 20 seconds the log of the container "datadog-agent" of the Pod "user-msvc" shows "sent to datadog: no page /nothing"

  @points:1 @task:pod @hidden @lenient
  Scenario: The learner's Pod takes its configuration from whatever ConfigMap and Secret there are
    Hint: the Pod refers to the ConfigMap and the Secret, and does not contain their values.
    Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
    And the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
    And the image "gcr.io/path/to/monitor:1.0.0" is on every node
    And "other-configuration.yaml" is applied
    And the Pod "user-msvc" runs from "pod.yaml"
    Then the environment of the container "user-msvc" of the Pod "user-msvc" has "MYSQL_HOST=127.0.0.2:3306"
    And within 5 seconds "/etc/user-msvc/secret/github-access-token" in the container "user-msvc" of the Pod "user-msvc" shows "another-token"
    And within 20 seconds the log of the container "datadog-agent" of the Pod "user-msvc" shows "has an API key of 11 characters"

  @points:2 @task:service @lenient
  Scenario: The learner's Service leads other Pods to the server and its users
    Hint: the Service selects the label app=user-msvc, and the server listens on port 443.
    Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
    And the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
    And the image "gcr.io/path/to/monitor:1.0.0" is on every node
    And "configuration.yaml" is applied
    And "service.yaml" is applied
    And the Pod "user-msvc" runs from "pod.yaml"
    And the Pod "asker" runs busybox
    Then within 20 seconds the Service "user-msvc" sends to the Pod "user-msvc"
    And within 20 seconds "timeout 10 kubectl exec asker -- wget -q -O - --no-check-certificate https://user-msvc/users" prints "2 users, by way of cloudsql-proxy"
    # The name of a headless Service resolves to the Pod's address, whatever the Service's ports are.
    And "kubectl get service user-msvc -o jsonpath='{range .spec.ports[*]}port {.port}.{end}'" prints "port 443."
