Feature: A server in three Pods, and its second version

  Scenario: The second version takes the place of the first
    Given the lab's files are in the folder "exam"
    When I run "kubectl apply -f deployment.yaml -f service.yaml"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "web" answers "version 1" on port 80
    When I run "kubectl set env deployment/web VERSION=2"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "web" answers "version 2" on port 80
