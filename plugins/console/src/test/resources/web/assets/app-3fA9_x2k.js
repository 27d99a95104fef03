document.title = "console of the tests";
