/** Valid ISBNs, all different, from ranges that are in use. */
export function manyIsbns(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const first12 = `9781402${String(index).padStart(5, "0")}`;
    const sum = [...first12].reduce(
      (total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 1 : 3),
      0,
    );
    return `${first12}${(10 - sum % 10) % 10}`;
  });
}
