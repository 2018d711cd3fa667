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

    @erratum
    Scenario: The server lies in /usr/bin
      # The document's text says twice "/user/bin/server"; its Dockerfile says "/usr/bin/server".
      Given the image "foo:1.0.0-copied" is built
      When I try "docker run --rm --entrypoint ls foo:1.0.0-copied /user/bin/server"
      Then it fails with "ls: /user/bin/server: No such file or directory"
      And "docker run --rm --entrypoint ls foo:1.0.0-copied /usr/bin/server" prints "/usr/bin/server"

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
      Then it prints:
        """
        [...]
          user-msvc:
        [...]
            Image: gcr.io/path/to/user-msvc:1.0.0
        [...]
            Port: 443/TCP (secure-port)
        [...]
          cloudsql-proxy:
        [...]
            Image: gcr.io/cloudsql-docker/gce-proxy:1.12
        [...]
            Port: 3306/TCP (connect-port)
        [...]
          datadog-agent:
        [...]
            Image: gcr.io/path/to/monitor:1.0.0
        [...]
        """
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

  Rule: The document's manifest does not work as it stands

    @erratum
    Scenario: The namespace has to be made first
      # The document's manifest names the namespace user-msvc three times, and nothing makes it.
      Given no namespace is called "user-msvc"
      And the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f user-msvc.yaml"
      Then it fails with:
        """
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        Error from server (NotFound): error when creating "user-msvc.yaml": namespaces "user-msvc" not found
        """
      When I run "kubectl create namespace user-msvc"
      And I run "kubectl apply -f user-msvc.yaml"
      Then it prints "pod/user-msvc created"

    @erratum
    Scenario: A Service that names no namespace does not find the Pod
      # The document's Service has no "namespace: user-msvc"; its Pod has.
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And no namespace is called "user-msvc"
      And the lab's files are in the folder "user-msvc"
      When I run:
        """
        kubectl create namespace user-msvc
        kubectl apply -f user-msvc.yaml
        kubectl apply -f service-without-namespace.yaml
        """
      Then within 60 seconds "kubectl describe service user-msvc -n user-msvc" prints "Endpoints: [IP]:443"
      And within 60 seconds the Service "user-msvc" selects no Pod
      When I run "kubectl apply -n user-msvc -f service-without-namespace.yaml"
      Then it prints "service/user-msvc unchanged"

    @erratum
    Scenario: The API key is not base64
      # The document shows "datadog-api-key: XKSSAKCKANmOWQ5NDU1NWU2MWE2ZDI=": 31 characters, which is no multiple of 4.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f secret-not-base64.yaml"
      Then it fails with:
        """
        Error from server (BadRequest): error when creating "secret-not-base64.yaml": Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 31
        """
      And "echo XKSSAKCKANmOWQ5NDU1NWU2MWE2ZDI= | base64 -d" fails with "invalid input"
      And "echo Yzk4MDZkNzAxNTQwMjkwOA== | base64 -d" prints "c9806d7015402908"
      When I run "sed 's/XKSSAKCKANm//' secret-not-base64.yaml | kubectl apply -f -"
      Then it prints "secret/user-msvc created"

    @erratum
    Scenario: The volume wants a Secret that nobody makes
      # The document's Secret is called user-msvc, its volume wants user-msvc-secret.
      Given the lab's files are in the folder "user-msvc"
      When I run "kubectl apply -f secret-of-another-name.yaml"
      Then within 60 seconds an event of the Pod "user-msvc" says "Warning FailedMount MountVolume.SetUp failed for volume \"user-msvc-secret\" : secret \"user-msvc-secret\" not found"
      And within 60 seconds the Pod "user-msvc" has the status "ContainerCreating"
      When I run "sed 's/secretName: user-msvc-secret/secretName: user-msvc/' secret-of-another-name.yaml | kubectl replace --force --grace-period=0 -f -"
      Then within 60 seconds the Pod "user-msvc" is ready
      And in the Pod "user-msvc" "cat /etc/user-msvc/secret/github-access-token" prints "c9806d7015402908"

    @erratum
    Scenario: A container cannot mount a volume that the Pod does not have
      # The document's volume is called datadog-data, its container user-msvc mounts ndatadog-data.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f volume-misspelt.yaml"
      Then it fails with:
        """
        The Pod "user-msvc" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "ndatadog-data"
        """
      When I run "sed 's/ndatadog-data/datadog-data/' volume-misspelt.yaml | kubectl apply -f -"
      Then it prints "pod/user-msvc created"

    @erratum
    Scenario: Requests and limits that stand beside the image are unknown fields
      # The document has "requests:" and "limits:" where "image:" is, without "resources:" around them.
      Given the lab's files are in the folder "user-msvc"
      When I try "kubectl apply -f resources-misplaced.yaml"
      Then it fails with:
        """
        Error from server (BadRequest): error when creating "resources-misplaced.yaml": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].limits", unknown field "spec.containers[0].requests"
        """
      And "kubectl explain pod.spec.containers.requests" fails with "field \"requests\" does not exist"
      And "kubectl explain pod.spec.containers.resources.requests" prints "Requests describes the minimum amount of compute resources required."
      And "kubectl explain pod.spec.containers.resources.limits" prints "Limits describes the maximum amount of compute resources allowed."

    @erratum
    Scenario: Without validation misplaced requests and limits are dropped
      # The same form, for those who turn the validation off to get past the complaint.
      Given the lab's files are in the folder "user-msvc"
      When I run "kubectl apply --validate=warn -f resources-misplaced.yaml"
      Then it prints on standard error:
        """
        Warning: unknown field "spec.containers[0].limits"
        Warning: unknown field "spec.containers[0].requests"
        """
      When I run "kubectl describe pod user-msvc"
      Then it prints "QoS Class: BestEffort"
      And it does not print "200Mi"

    @erratum
    Scenario: Three dots are no requests
      # The document has "requests:" and beneath it "..." for two of its containers.
      When I run:
        """
        tee dots.yaml <<EOF
        apiVersion: v1
        kind: Pod
        metadata:
          name: user-msvc
        spec:
          containers:
          - name: cloudsql-proxy
            image: gcr.io/cloudsql-docker/gce-proxy:1.12
            resources:
              requests:
                ...
        EOF
        """
      And I try "kubectl apply -f dots.yaml"
      Then it fails with "cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.requests of type v1.ResourceList"
      When I run "sed 's/[.][.][.]/cpu: 50m/' dots.yaml | kubectl apply --dry-run=server -f -"
      Then it prints "pod/user-msvc created (server dry run)"

    @erratum
    Scenario: Nobody can pull the document's images
      # The document names images in gcr.io/path/to, where there is nothing.
      Given "always-pulled.yaml" is applied
      Then within 60 seconds an event of the Pod "user-msvc" says "Failed to pull image \"gcr.io/path/to/user-msvc:1.0.0\""
      And within 60 seconds an event of the Pod "user-msvc" says "Failed to pull image \"gcr.io/path/to/monitor:1.0.0\""

    @erratum
    Scenario: The Service gets no address from loadBalancerIP
      # The document asks for the address 12.34.56.78, in a field that is deprecated since Kubernetes 1.24.
      Given "service-without-namespace.yaml" is applied
      When I run "kubectl get service user-msvc"
      Then it prints "user-msvc LoadBalancer [IP] <pending> 443:[NUMBER]/TCP [AGE]"
      When I run "kubectl describe service user-msvc"
      Then it prints "Desired LoadBalancer IP: 12.34.56.78"
      And it does not print "LoadBalancer Ingress"
      And "kubectl explain service.spec.loadBalancerIP" prints "Deprecated: This field was under-specified and"

  Rule: The document's text is not about its manifest

    @erratum
    Scenario: A log beside the volume is seen by one container only
      # The document's text mounts the volume at /var/log and writes /var/log/user-msvc-error.log; its manifest mounts the
      # volume at /var/log/user-msvc.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I run "kubectl exec user-msvc -c user-msvc -- sh -c 'echo no users > /var/log/user-msvc-error.log'"
      Then in the container "datadog-agent" of the Pod "user-msvc" "cat /var/log/monitor/user-msvc-error.log" fails with "No such file or directory"
      When I run "kubectl exec user-msvc -c user-msvc -- sh -c 'echo no users > /var/log/user-msvc/user-msvc-error.log'"
      Then in the container "datadog-agent" of the Pod "user-msvc" "cat /var/log/monitor/user-msvc-error.log" prints "no users"

    @erratum
    Scenario: The agent's container is not called monitor
      # The document's text has a container called monitor, its manifest one called datadog-agent.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I try "kubectl logs user-msvc -c monitor"
      Then it fails with:
        """
        error: container monitor is not valid for pod user-msvc[from 1.36:  out of: user-msvc, datadog-agent]
        """
      And within 60 seconds "kubectl logs user-msvc -c datadog-agent" prints "I read"

    @erratum
    Scenario: The microservice's container is not called user-usvc
      # The document's text has a container called user-usvc, its manifest one called user-msvc.
      Given the Pod "user-msvc" runs from "log-volume.yaml"
      When I try "kubectl logs user-msvc -c user-usvc"
      Then it fails with:
        """
        error: container user-usvc is not valid for pod user-msvc[from 1.36:  out of: user-msvc, datadog-agent]
        """
      And within 60 seconds "kubectl logs user-msvc -c user-msvc" prints "I write"

    @erratum
    Scenario: MYSQL_HOST is more than a host
      # The document's key mysql-host, and the variable MYSQL_HOST, hold a host and its port.
      Given the Pod "config" runs from "config.yaml"
      Then in the Pod "config" "env" prints "MYSQL_HOST=127.0.0.1:3306"
      When I try "kubectl exec config -- sh -c 'wget -O - http://$MYSQL_HOST:3306'"
      Then it fails with "127.0.0.1:3306:3306"

    @erratum
    Scenario: A container that ends is started again in the same Pod
      # The document says that Pods cannot be resurrected when they are killed for whatever reason.
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And the Pod "mortal" runs from "mortal.yaml"
      And the Pod "mortal" has logged "listens on port 443"
      When I run "kubectl get pod mortal -o yaml"
      Then it prints "uid: [ID:uid]"
      When I run "kubectl exec mortal -- kill 1 || true"
      Then within 60 seconds the restart count of the Pod "mortal" is 1
      And "kubectl get pod mortal -o yaml" prints "uid: [=uid]"

  Rule: What a learner hands in is graded

    @points:1 @task:configuration
    Scenario: The learner's ConfigMap and Secret hold what the microservice needs
      Hint: the values of "data" in a Secret are base64, without a line break in what was encoded; "stringData" takes them as they are.
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
      And within 1 second 1 Pods labelled "app=user-msvc" are ready
      And within 20 seconds "kubectl exec asker -- wget -q -O - --no-check-certificate https://$podip/nothing" fails with "404 Not Found"
      And within 20 seconds the log of the container "datadog-agent" of the Pod "user-msvc" shows "sent to datadog: no page /nothing"

    @points:1 @task:pod @hidden @lenient
    Scenario: The learner's Pod takes its configuration from whatever ConfigMap and Secret there are
      Hint: the Pod names the ConfigMap and the Secret; their values stand nowhere in it.
      Given the image "gcr.io/path/to/user-msvc:1.0.0" is on every node
      And the image "gcr.io/cloudsql-docker/gce-proxy:1.12" is on every node
      And the image "gcr.io/path/to/monitor:1.0.0" is on every node
      And "other-configuration.yaml" is applied
      And the Pod "user-msvc" runs from "pod.yaml"
      Then in the container "user-msvc" of the Pod "user-msvc" "env" prints "MYSQL_HOST=127.0.0.2:3306"
      And in the container "user-msvc" of the Pod "user-msvc" "cat /etc/user-msvc/secret/github-access-token" prints "another-token"
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
      # A Service without an address of its own has the name of the Pod's, whatever its ports are.
      And "kubectl get service user-msvc -o jsonpath='{range .spec.ports[*]}port {.port}.{end}'" prints "port 443."
