Feature: Probes, by which the kubelet asks whether a container works
  A container that runs need not work. The kubelet asks it again and again: while the answer to the readiness probe is no,
  no Service sends to the Pod; once the answer to the liveness probe has been no several times, the container is restarted.

  Rule: A Service sends to a Pod while its readiness probes pass

    @slow
    Scenario: A server that sleeps for 45 seconds is not ready before it answers
      Given the lab's files are in the folder "probes"
      And the Pod "bb" runs busybox
      When I run:
        """
        kubectl apply -f readiness.yaml -f service.yaml
        kubectl label pod liveness-readiness-pod app=liveness-readiness
        """
      Then within 60 seconds an event of the Pod "liveness-readiness-pod" says "Unhealthy Readiness probe failed: Get \"http://[IP]:8000/\": dial tcp [IP]:8000: connect: connection refused"
      And within 60 seconds the Pod "liveness-readiness-pod" is in the phase Running
      And for 25 seconds the Pod "liveness-readiness-pod" is not ready
      And within 60 seconds the Service "liveness-readiness" waits for the Pod "liveness-readiness-pod"
      And within 60 seconds the Service "liveness-readiness" sends to the Pod "liveness-readiness-pod"
      And within 60 seconds "kubectl exec bb -- wget -O - http://liveness-readiness:8000" prints "Directory listing for /"

    Scenario: A server that loses its page receives nothing, is not restarted, and receives again once it has a page
      Given "web.yaml" is applied
      Then within 60 seconds the Service "web" sends to the Pod "web"
      When I run "kubectl exec web -- mv /www/index.html /www/page.html"
      Then within 60 seconds the Service "web" waits for the Pod "web"
      And for 5 seconds the Pod "web" is not ready
      And within 1 second the restart count of the Pod "web" is 0
      When I run "kubectl exec web -- mv /www/page.html /www/index.html"
      Then within 60 seconds the Service "web" sends to the Pod "web"

    Scenario: A Pod of two containers receives nothing until both of them are ready
      Given "pair.yaml" is applied
      Then within 60 seconds an event of the Pod "pair" says "Unhealthy Readiness probe failed: ls: /tmp/filled: No such file or directory"
      And within 60 seconds "kubectl get pod pair" prints "pair  1/2  Running  0  [AGE]"
      And within 60 seconds the Service "pair" waits for the Pod "pair"
      When I run "kubectl exec pair -c cache -- touch /tmp/filled"
      Then within 60 seconds the Service "pair" sends to the Pod "pair"
      And "kubectl get pod pair" prints "pair  2/2  Running  0  [AGE]"

  Rule: A container is restarted when its liveness probe fails

    Scenario: A server that answers its liveness probe is left alone
      Given the Pod "liveness-by-http" runs from "liveness-by-http.yaml"
      Then within 20 seconds the log of the Pod "liveness-by-http" has 6 lines
      And within 60 seconds the log of the Pod "liveness-by-http" shows "\"GET / HTTP/1.1\" 200"
      And within 1 second the restart count of the Pod "liveness-by-http" is 0

  Rule: The kubelet asks in several ways, as often as it is told

    Scenario Outline: The example of a <kind> probe names some of its numbers, and the others are defaults
      Given "<manifest>" is applied
      When I run "kubectl describe pod liveness-readiness-pod | grep delay="
      Then it prints "<probe> [to 1.36: #success=1 #failure=<failures>][from 1.37: successThreshold=1 failureThreshold=<failures>]"

      Examples:
        | kind      | manifest       | probe                                                             | failures |
        | readiness | readiness.yaml | Readiness:  http-get http://:8000/ delay=5s timeout=1s period=10s | 1        |
        | liveness  | liveness.yaml  | Liveness:   exec [ls index.html] delay=60s timeout=1s period=5s   | 3        |

    Scenario Outline: A probe by <form> passes and fails
      Given "<form>.yaml" is applied
      Then within 60 seconds the Pod "<form>-passes" is ready
      And within 60 seconds an event of the Pod "<form>-fails" says "Unhealthy Readiness probe failed: <reason>"
      And within 60 seconds the Pod "<form>-fails" is in the phase Running
      And for 2 seconds the Pod "<form>-fails" is not ready

      Examples:
        | form | reason                                          |
        | http | HTTP probe failed with statuscode: 404          |
        | tcp  | dial tcp [IP]:8001: connect: connection refused |
        | exec | ls: index.html: No such file or directory       |

  Rule: Without a probe Kubernetes sees only whether a process runs, and how it ends

    Scenario: A container that serves nothing is ready
      Given the Pod "silent" runs from "silent.yaml"
      Then "kubectl get pod silent" prints "silent  1/1  Running  0  [AGE]"
      And in the Pod "silent" "wget -O - http://127.0.0.1:8000" fails with "Connection refused"

    Scenario: A download that fails, but ends with exit code 0, has succeeded
      Given "pipeline.yaml" is applied
      Then within 60 seconds the Pod "pipeline" is in the phase Succeeded
      And within 60 seconds the log of the Pod "pipeline" shows "Connection refused"
