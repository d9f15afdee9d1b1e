#include "tests/bench/plot.h"

#include <math.h>
#include <stdio.h>

enum {
    LEFT = 60,
    TOP = 30,
    DECADE_X = 90, /* octaves of ten in pixels */
    DECADES_X = 6,
    DECADE_Y = 160,
    DECADES_Y = 2,
    WIDTH = DECADE_X * DECADES_X,
    HEIGHT = DECADE_Y * DECADES_Y
};

static double x_of(double value)
{
    return LEFT + DECADE_X * log10(value);
}

static double y_of(double ns)
{
    return TOP + HEIGHT - DECADE_Y * (log10(ns) - 1);
}

static void put_grid(FILE *file)
{
    for (int i = 0; i <= DECADES_X; i++)
        fprintf(file,
                "<path d='M%d %d v%d' stroke='#ddd'/><text x='%d' y='%d' text-anchor='middle'>%.0f</text>\n",
                LEFT + i * DECADE_X, TOP, HEIGHT, LEFT + i * DECADE_X, TOP + HEIGHT + 18, pow(10, i));
    for (int i = 0; i <= DECADES_Y; i++)
        fprintf(file,
                "<path d='M%d %d h%d' stroke='#ddd'/><text x='%d' y='%d' text-anchor='end'>%.0f ns</text>\n",
                LEFT, TOP + HEIGHT - i * DECADE_Y, WIDTH, LEFT - 6, TOP + HEIGHT - i * DECADE_Y + 4,
                pow(10, i + 1));
}

static void put_line(FILE *file, const struct plot_line *line, size_t place)
{
    static const char *const colors[] = {"#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#a463f2"};
    const char *color = colors[place % (sizeof colors / sizeof colors[0])];
    fprintf(file, "<path fill='none' stroke='%s' stroke-width='2' d='", color);
    for (size_t i = 0; i < line->n; i++)
        fprintf(file, "%c%.1f %.1f ", i == 0 ? 'M' : 'L', x_of(line->x[i]), y_of(line->y[i]));
    fprintf(file, "'/>\n<text x='%d' y='%d' fill='%s'>%s</text>\n", LEFT + WIDTH + 12,
            TOP + 12 + 18 * (int)place, color, line->name);
}

bool plot_write(const char *path, const struct plot_line lines[], size_t n)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        perror(path);
        return false;
    }
    fprintf(file,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' "
            "font-size='12'>\n<rect width='100%%' height='100%%' fill='white'/>\n"
            "<text x='%d' y='18'>Nanoseconds a forwarded packet, while one thing grows</text>\n",
            LEFT + WIDTH + 150, TOP + HEIGHT + 40, LEFT);
    put_grid(file);
    for (size_t i = 0; i < n; i++)
        put_line(file, &lines[i], i);
    fputs("</svg>\n", file);
    return fclose(file) == 0;
}
