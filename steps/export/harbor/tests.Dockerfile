# The container that tests what the agent hands in. The image must contain labproof and the programs that it calls, as the
# one that labproof's own Dockerfile builds does.
FROM IMAGE
COPY course /course
COPY test.sh /tests/test.sh
WORKDIR /course
ENTRYPOINT []
