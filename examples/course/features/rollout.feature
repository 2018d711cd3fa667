Feature: A Deployment, its rollout and its Service

  Scenario: The Deployment keeps two Pods, and the Service finds them
    Given the lab's files are in the folder "rollout"
    When I run:
      """
      kubectl apply -f web.yaml
      kubectl rollout status deployment/web
      """
    Then within 60 seconds the Deployment "web" is rolled out
    And within 30 seconds the Service "web" sends to 2 Pods
    When I run "kubectl scale deployment web --replicas=3"
    Then within 60 seconds the Deployment "web" has 3 ready Pods

  Scenario: A rollout to a wrong image stops, and is undone
    Given "web.yaml" is applied
    Then within 60 seconds the Deployment "web" is rolled out
    When I run "kubectl set image deployment/web web=busybox:no-such-tag"
    And I try "kubectl rollout status deployment/web --timeout=5s"
    Then it fails with "timed out"
    # The Pods of the old template still run.
    And within 10 seconds the Service "web" sends to 2 Pods
    When I run "kubectl rollout undo deployment/web"
    Then within 60 seconds the Deployment "web" is rolled out
    And within 10 seconds the Deployment "web" has spec.template.spec.containers[0].image "busybox"
