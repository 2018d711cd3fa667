Feature: Grading of the lab exam
  The learner's files take the place of the lab's own. Keep this file from learners.

  @points:2 @task:deployment
  Scenario: Three Pods of the learner's Deployment serve the version that their variable names
    Hint: "replicas" is the number of Pods. The server reads its version from the variable VERSION.
    Given "deployment.yaml" is applied
    And "checker.yaml" is applied
    Then within 30 seconds the Deployment "web" has 3 ready Pods
    And within 30 seconds the Service "checker" answers "version 1" on port 80
    # A server that does not read its variable prints the same again.
    When I run "kubectl set env deployment/web VERSION=seven"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "checker" answers "version seven" on port 80

  @points:1 @task:service @lenient
  Scenario: The learner's Service leads to the Pods
    Hint: compare the Service's selector with the labels of the Pods, and its targetPort with the port of the server.
    Given "deployment.yaml" is applied
    And "service.yaml" is applied
    Then within 30 seconds the Deployment "web" has 3 ready Pods
    And within 30 seconds the Service "web" answers "version 1" on port 80

  @points:2 @task:second @lenient
  Scenario: The learner's commands roll out the second version
    Hint: a new template makes new Pods; "kubectl rollout history" shows how often that happened.
    Given "deployment.yaml" is applied
    Then within 30 seconds the Deployment "web" has 3 ready Pods
    When the task "second" is done
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Deployment "web" owns 2 ReplicaSets
    And within 30 seconds the Deployment "web" has 3 ready Pods
    Given "checker.yaml" is applied
    Then within 30 seconds the Service "checker" answers "version 2" on port 80
    # A template with the text itself would print the same again.
    When I run "kubectl set env deployment/web VERSION=seven"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "checker" answers "version seven" on port 80
