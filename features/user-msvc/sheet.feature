Feature: user-msvc, a Pod of three containers
  A service is put into an image. Then a microservice runs as one Pod: its server, a proxy to MySQL, and an agent that
  sends its log away. A ConfigMap and a Secret configure it, volumes are shared, and a Service leads to it.

  Rule: The service foo is put into an image

    Scenario: The image builds where apk installs the certificates
      Given the image "alpine:3.5" is no stand-in
      And no container is called "foo"
      And the image "foo:1.0.0" is built
      When I run "docker run -d --name foo foo:1.0.0"
      Then the container "foo" runs the image "foo:1.0.0"
      And within 60 seconds "docker logs foo" prints "trusts [NUMBER] certificate authorities"
      And "docker top foo" prints "/usr/bin/server"

    Scenario: The image builds where the certificates are copied in
      Given the image "foo:1.0.0-copied" is built
      Then the engine has the image "foo:1.0.0-copied"
      When I run "docker image inspect -f '{{json .Config.Entrypoint}} {{json .Config.Cmd}}' foo:1.0.0-copied"
      Then it prints:
        """
        ["/usr/bin/server"] null
        """

    Scenario: The entry point is what runs in a container
      Given no container is called "foo"
      And the image "foo:1.0.0-copied" is built
      When I run "docker run -d --name foo foo:1.0.0-copied with-an-argument"
      Then the container "foo" runs the image "foo:1.0.0-copied"
      And within 60 seconds "docker logs foo" prints "listens on port 443"
      And "docker top foo" prints "/usr/bin/server with-an-argument"

    Scenario: The server trusts the certificates of its image
      Given no container is called "foo"
      And no container is called "foo-without"
      And the image "foo:1.0.0-copied" is built
      When I run "docker run -d --name foo foo:1.0.0-copied"
      Then within 60 seconds "docker logs foo" prints "trusts 2 certificate authorities"
      When I run "docker run -d --name foo-without --tmpfs /etc/ssl/certs foo:1.0.0-copied"
      Then within 60 seconds "docker logs foo-without 2>&1" prints "trusts no certificate authority: open /etc/ssl/certs/ca-certificates.crt: no such file or directory"

  Rule: One manifest makes the microservice
    Background:
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
      And the image "gcr.io/path/to/monitor:1.0.0" is on every node
      And I work in the new namespace "user-msvc"

    Scenario: The manifest makes a ConfigMap, a Secret, a Pod of three containers and a Service
      Given the lab's files are in the folder "user-msvc"
      When I run "kubectl apply -f user-msvc.yaml"
      Then it prints:
        """
        configmap/user-msvc created
        secret/user-msvc created
        pod/user-msvc created
        service/user-msvc created
        """
      And within 60 seconds the Pod "user-msvc" is ready
      When I run "kubectl get pods"
      Then it prints:
        """
        NAME        READY   STATUS    RESTARTS   AGE
        user-msvc   3/3     Running   0          [AGE]
        """

    Scenario: Each container runs its own image, which is on the node already
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      When I run "kubectl describe pod user-msvc"
      Then it prints the file "describe-pod-user-msvc.txt"
      And within 60 seconds an event of the Pod "user-msvc" says "Container image \"gcr.io/path/to/user-msvc:1.0.0\" already present on machine"
      And within 60 seconds an event of the Pod "user-msvc" says "Container image \"gcr.io/cloudsql-docker/gce-proxy:1.12\" already present on machine"
      And within 60 seconds an event of the Pod "user-msvc" says "Container image \"gcr.io/path/to/monitor:1.0.0\" already present on machine"

    Scenario: The ConfigMap tells the container user-msvc where MySQL is
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then in the container "user-msvc" of the Pod "user-msvc" "env" prints "MYSQL_HOST=127.0.0.1:3306"
      When I run "kubectl describe pod user-msvc"
      Then it prints "MYSQL_HOST: <set to the key 'mysql-host' of config map 'user-msvc'> Optional: false"
      When I run "kubectl exec user-msvc -c datadog-agent -- env"
      Then it does not print "MYSQL_HOST"

    Scenario: Each key of the Secret is a file in both containers
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      When I run:
        """
        kubectl exec user-msvc -c user-msvc -- ls /etc/user-msvc/secret
        kubectl exec user-msvc -c datadog-agent -- ls /etc/datadog-agent/secret
        """
      Then it prints:
        """
        datadog-api-key
        github-access-token
        datadog-api-key
        github-access-token
        """
      And in the container "user-msvc" of the Pod "user-msvc" "cat /etc/user-msvc/secret/github-access-token" prints "c9806d7015402908"
      And in the container "datadog-agent" of the Pod "user-msvc" "cat /etc/datadog-agent/secret/datadog-api-key" prints "9d94555e61a6d2"
      And within 60 seconds the log of the container "datadog-agent" of the Pod "user-msvc" shows "has an API key of 14 characters"

    Scenario: The files of the Secret are for all to read and for nobody to write
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then in the container "user-msvc" of the Pod "user-msvc" "stat -L -c '%a %n' /etc/user-msvc/secret/github-access-token" prints "644 /etc/user-msvc/secret/github-access-token"
      And in the container "datadog-agent" of the Pod "user-msvc" "stat -L -c '%a %n' /etc/datadog-agent/secret/datadog-api-key" prints "644 /etc/datadog-agent/secret/datadog-api-key"
      And in the container "user-msvc" of the Pod "user-msvc" "touch /etc/user-msvc/secret/another-key" fails with "Read-only file system"
      And in the container "datadog-agent" of the Pod "user-msvc" "rm /etc/datadog-agent/secret/datadog-api-key" fails with "Read-only file system"

    Scenario: The agent reads what the server writes into its log
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then within 60 seconds the log of the container "user-msvc" of the Pod "user-msvc" shows "listens on port 443"
      When I try "kubectl exec user-msvc -c datadog-agent -- wget -q -O - --no-check-certificate https://127.0.0.1/nothing"
      Then it fails with "404 Not Found"
      And in the container "user-msvc" of the Pod "user-msvc" "cat /var/log/user-msvc/user-msvc-error.log" prints "no page /nothing"
      And in the container "datadog-agent" of the Pod "user-msvc" "cat /var/log/monitor/user-msvc-error.log" prints "no page /nothing"
      And within 60 seconds the log of the container "datadog-agent" of the Pod "user-msvc" shows "sent to datadog: no page /nothing"

    Scenario: The containers reach each other at 127.0.0.1
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then within 60 seconds the log of the container "cloudsql-proxy" of the Pod "user-msvc" shows "listens on 127.0.0.1:3306"
      And in the container "user-msvc" of the Pod "user-msvc" "nc 127.0.0.1 3306" prints "2 users, by way of cloudsql-proxy"
      And within 60 seconds the log of the container "user-msvc" of the Pod "user-msvc" shows "listens on port 443"
      And in the container "datadog-agent" of the Pod "user-msvc" "wget -q -O - --no-check-certificate https://127.0.0.1:443/users" prints "2 users, by way of cloudsql-proxy"

    Scenario: The container user-msvc has the memory and the CPU that it asks for
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then the memory of the container "user-msvc" of the Pod "user-msvc" is limited to "200Mi"
      And the CPU of the container "user-msvc" of the Pod "user-msvc" is limited to "200m"
      When I run "kubectl describe pod user-msvc"
      Then it prints:
        """
        [...]
          user-msvc:
        [...]
            Limits:
              cpu:     200m
              memory:  200Mi
            Requests:
              cpu:     100m
              memory:  100Mi
        [...]
          cloudsql-proxy:
        [...]
        """

    Scenario: The Service leads other Pods to the server, by its name and by its address
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      And the Pod "bb" runs busybox
      When I run:
        """
        export serviceip="$(kubectl get service user-msvc -o go-template='{{.spec.clusterIP}}')"
        kubectl get service user-msvc
        """
      Then it prints:
        """
        NAME        TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)             AGE
        user-msvc   LoadBalancer   [IP]         <pending>     443:[NUMBER]/TCP    [AGE]
        """
      And within 60 seconds the Service "user-msvc" sends to the Pod "user-msvc"
      And within 60 seconds "kubectl exec bb -- wget -q -O - --no-check-certificate https://user-msvc/users" prints "2 users, by way of cloudsql-proxy"
      And "kubectl exec bb -- wget -q -O - --no-check-certificate https://$serviceip:443/users" prints "2 users, by way of cloudsql-proxy"

    Scenario: The Service has the port of the Pod behind its own
      Given the Pod "user-msvc" runs from "user-msvc.yaml"
      Then within 60 seconds the Service "user-msvc" sends to the Pod "user-msvc"
      When I run "kubectl describe service user-msvc"
      Then it prints:
        """
        Name:                     user-msvc
        Namespace:                user-msvc
        [...]
        Selector:                 app=user-msvc
        Type:                     LoadBalancer
        [...]
        Desired LoadBalancer IP:  12.34.56.78
        Port:                     secure-port  443/TCP
        TargetPort:               443/TCP
        NodePort:                 secure-port  [NUMBER]/TCP
        Endpoints:                [IP]:443
        [...]
        """

  Rule: What the containers of a Pod share, and what they do not

    Scenario: A port belongs to one container of a Pod
      Given the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
      And "port-twice.yaml" is applied
      Then within 60 seconds the container "second-proxy" of the Pod "port-twice" has ended with "exit code 1, Error"
      And within 60 seconds the log of the container "second-proxy" of the Pod "port-twice" shows "listen tcp 127.0.0.1:3306: bind: address already in use"
      And within 60 seconds the log of the container "cloudsql-proxy" of the Pod "port-twice" shows "listens on 127.0.0.1:3306"
      And "kubectl get pod port-twice" prints "port-twice 1/2"

    Scenario: A ConfigMap is a variable of the environment, or a file in a volume
      Given the Pod "config" runs from "config.yaml"
      Then in the Pod "config" "env" prints "MYSQL_HOST=127.0.0.1:3306"
      And in the Pod "config" "cat /etc/user-msvc/config/mysql-host" prints "127.0.0.1:3306"

    Scenario: A Pod that is deleted does not come back
      Given the Pod "bb" runs busybox
      When I run "kubectl delete pod bb"
      Then it prints "pod \"bb\" deleted"
      And for 5 seconds there is no Pod "bb"
