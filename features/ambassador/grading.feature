Feature: Grading of the lab ambassador
  Each scenario carries points for what a learner hands in: the learner's files take the place of the lab's own. An nginx
  that starts before the cluster's DNS knows its database is restarted after ten seconds, and again after twenty.

  @points:2 @task:test
  Scenario: The learner's ambassador passes on to the test database
    Hint: "kubectl logs app --container ambassador" shows nginx's requests and the errors in its configuration.
    Given "test-database.yaml" is applied
    Then within 30 seconds the Service "test-database" sends to the Pod "test-database"
    Given "ambassador-test.yaml" is applied
    And the Pod "app" runs from "app.yaml"
    Then within 40 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/" prints "test-database"
    When I run "kubectl exec test-database -- sh -c 'echo asked by labproof > /data/index.html'"
    Then within 10 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/index.html" prints "asked by labproof"
    # The same is asked from outside of main, whose programs are the learner's, and at the address, not only at the name.
    And within 10 seconds the Pod "app" gets "asked by labproof" from "http://localhost:27017/index.html"
    And within 10 seconds the Pod "app" gets "asked by labproof" from "http://127.0.0.1:27017/index.html"
    # A configuration cannot know this path.
    When I run:
      """
      path=path-$RANDOM/page.html
      kubectl exec test-database -- sh -c "mkdir /data/${path%/*} && echo asked for a new page > /data/$path"
      """
    Then within 10 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/$path" prints "asked for a new page"
    # It also passes on what the database does not do: busybox's httpd answers POST with this error.
    And within 10 seconds "kubectl exec app -c main -- wget -q -O - --post-data=x http://localhost:27017/" fails with "501"
    And within 20 seconds the container "ambassador" of the Pod "app" listens on port 27017

  @points:2 @task:production @lenient
  Scenario: The learner's other configuration turns the same Pod to the production database
    Hint: the two configurations differ only in the name of the database.
    Given "test-database.yaml" is applied
    And "production-database.yaml" is applied
    Then within 30 seconds the Service "test-database" sends to the Pod "test-database"
    And within 30 seconds the Service "production-database" sends to the Pod "production-database"
    Given "ambassador-production.yaml" is applied
    And the Pod "app" runs from "app.yaml"
    And the Pod "asker" runs busybox
    Then within 40 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/" prints "production-database"
    When I run:
      """
      kubectl exec production-database -- sh -c 'echo asked by labproof > /data/index.html'
      podip=$(kubectl get pod app -o jsonpath='{.status.podIP}')
      """
    Then within 10 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/" prints "asked by labproof"
    And within 10 seconds the Pod "app" gets "asked by labproof" from "http://localhost:27017/"
    And "kubectl exec asker -- wget -q -O - http://$podip:27017/" fails with "Connection refused"

  @points:1 @task:localhost @lenient
  Scenario: The learner's ambassador listens for its own Pod only
    Hint: "listen" takes an address before the port.
    Given "test-database.yaml" is applied
    Then within 30 seconds the Service "test-database" sends to the Pod "test-database"
    Given "ambassador-test.yaml" is applied
    And the Pod "app" runs from "app.yaml"
    Then within 40 seconds the Pod "app" gets "test-database" from "http://localhost:27017/"
    Given the Pod "asker" runs busybox
    When I run "podip=$(kubectl get pod app -o jsonpath='{.status.podIP}')"
    Then "kubectl exec asker -- wget -q -O - http://$podip:27017/" fails with "Connection refused"

  @points:1 @task:environment @lenient
  Scenario: The learner's main container finds no Service in its environment
    Hint: "kubectl explain pod.spec" describes a field about Services and the environment.
    Given "test-database.yaml" is applied
    Then within 30 seconds the Service "test-database" sends to the Pod "test-database"
    Given "ambassador-test.yaml" is applied
    And the Pod "app" runs from "app.yaml"
    Then the environment of the container "main" of the Pod "app" has "HOSTNAME=app"
    And the environment of the container "main" of the Pod "app" lacks "TEST_DATABASE_SERVICE_HOST"
    # Nor does the manifest itself say where the database is.
    When I run "kubectl get pod app -o jsonpath='variables of main: {.spec.containers[?(@.name==\"main\")].env}'"
    Then it does not print "DATABASE"
    And it does not print "test-database"
    And it does not print "production-database"
