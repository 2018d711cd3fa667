Feature: Ambassador, an application that knows its database as a port of localhost
  The main container asks its database at localhost:27017, whatever database that is. The ambassador beside it, an nginx,
  listens on that port and passes on what it is asked to a database in another Pod, which it knows by the name of a Service.
  The databases stand for real ones: they answer over HTTP, and tell who they are.

  Scenario: Without an ambassador there is no database on localhost
    When I run "kubectl run alone --image=busybox --restart=Never -- wget -O - http://localhost:27017/"
    Then within 60 seconds the Pod "alone" is in the phase Failed
    And within 60 seconds the log of the Pod "alone" shows "can't connect to remote host (127.0.0.1): Connection refused"

  Scenario: The configurations for two databases differ in a name
    Given the lab's files are in the folder "ambassador"
    When I run "diff ambassador-test.yaml ambassador-production.yaml || true"
    Then it prints:
      """
      [...]c[...]
      <         proxy_pass http://test-database:27017;
      ---
      >         proxy_pass http://production-database:27017;
      """

  Rule: The ambassador answers on localhost for a database elsewhere
    Background:
      Given "ambassador-test.yaml" is applied
      And "test-database.yaml" is applied
      Then within 60 seconds the Service "test-database" sends to the Pod "test-database"

    Scenario: What the main container asks localhost is answered by the database in another Pod
      Given the Pod "app" runs from "app.yaml"
      Then within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: test-database"
      And within 60 seconds the log of the container "ambassador" of the Pod "app" shows "127.0.0.1 - - "
      And in the container "main" of the Pod "app" "hostname" prints "app"
      And in the Pod "test-database" "hostname" prints "test-database"

    Scenario: The main container is given no address of a database but that on localhost
      Given the Pod "app" runs from "app.yaml"
      When I run:
        """
        kubectl get pod app -o json | jq '.spec.containers[] | select(.name == "main") | .command, .args, .env'
        """
      Then it prints "http://localhost:27017/"
      And it does not print "database"
      When I run "kubectl exec app -c main -- env"
      Then it prints "HOSTNAME=app"
      And it does not print "DATABASE"

    Scenario: Other Pods do not reach the ambassador, and ask the database by itself
      Given the Pod "app" runs from "app.yaml"
      And the Pod "bb" runs busybox
      When I run "export podip=$(kubectl get pod app -o go-template='{{(.status.podIP)}}')"
      Then within 60 seconds "kubectl exec app -c main -- wget -O - http://127.0.0.1:27017/" prints "test-database"
      And "kubectl exec bb -- wget -O - http://$podip:27017/" fails with "Connection refused"
      And within 60 seconds "kubectl exec bb -- wget -O - http://test-database:27017/" prints "test-database"

    Scenario: While the database is away, the main container gets the ambassador's error
      Given the lab's files are in the folder "ambassador"
      And the Pod "app" runs from "app.yaml"
      Then within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: test-database"
      When I run "kubectl delete pod test-database"
      Then within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: wget: server returned error: HTTP/1.1 502 Bad Gateway"
      When I run "kubectl apply -f test-database.yaml"
      Then within 60 seconds "kubectl exec app -c main -- wget -q -O - http://localhost:27017/" prints "test-database"
      And within 1 second the restart count of the container "main" of the Pod "app" is 0

  Rule: Which database it is, is the ambassador's business alone
    Background:
      Given "ambassador-test.yaml" is applied
      And "test-database.yaml" is applied
      And "production-database.yaml" is applied
      Then within 60 seconds the Service "test-database" sends to the Pod "test-database"

    Scenario: The ambassador is told of another database, and the main container notices only the answers
      # The label makes the kubelet look at the Pod and the ConfigMap at once; otherwise it takes up to two minutes.
      Given the lab's files are in the folder "ambassador"
      And the Pod "app" runs from "app.yaml"
      Then within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: test-database"
      When I run:
        """
        kubectl apply -f ambassador-production.yaml
        kubectl label pod app environment=production
        """
      Then within 120 seconds "kubectl exec app -c ambassador -- cat /etc/nginx/conf.d/default.conf" prints "http://production-database:27017"
      And within 60 seconds "kubectl exec app -c ambassador -- nginx -s reload" succeeds
      And within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: production-database"
      And within 1 second the restart count of the container "main" of the Pod "app" is 0

    Scenario: The Service turns to another database, and nothing in the Pod is told
      Given the Pod "app" runs from "app.yaml"
      Then within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: test-database"
      When I run "kubectl set selector service test-database database=production"
      Then within 60 seconds the Service "test-database" sends to the Pod "production-database"
      And within 60 seconds the log of the container "main" of the Pod "app" shows "localhost:27017: production-database"
