# The container in which the agent works.
FROM IMAGE
WORKDIR /submission
