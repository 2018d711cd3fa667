// It answers nothing.
setInterval(() => {}, 1000);
