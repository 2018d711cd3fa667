// It answers no requests.
setInterval(() => {}, 1000);
