Feature: A server in three Pods, and its second version

  Scenario: The second version takes the place of the first
    Given the lab's files are in the folder "exam"
    When I run:
      """
      cd exam
      kubectl apply -f deployment.yaml -f service.yaml
      """
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "web" answers "version 1" on port 80
    When I run "bash tasks/second.sh"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "web" answers "version 2" on port 80
