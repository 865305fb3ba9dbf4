// Before the day: looking again opens the page anew; until it is there the page says that it looks.

const again = document.querySelector(".doctor__again a");
const looked = document.getElementById("looked");

looked.setAttribute("role", "status");
again.addEventListener("click", () => {
  again.setAttribute("aria-busy", "true");
  looked.textContent = looked.dataset.looking;
});
