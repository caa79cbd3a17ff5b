/** A rating in hundredths of a star, as people read it: `4.7`. */
export function averageOf(hundredths: number): string {
  return (Math.round(hundredths / 10) / 10).toFixed(1);
}
