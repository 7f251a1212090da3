// Size classes: 67 sizes between 8 and 32768 bytes, chosen so that rounding a request up wastes little. Each class says how many pages a
// span of it has. Two tables give the class of a request: by 8 bytes up to 1024, by 128 bytes above. Class 0 stands for
// large blocks, which have a span of their own.
#include "internal.h"

const struct size_class size_classes[CLASSES] = {
    {0, 0},     {8, 1},     {16, 1},     {24, 1},    {32, 1},    {48, 1},    {64, 1},    {80, 1},    {96, 1},
    {112, 1},   {128, 1},   {144, 1},    {160, 1},   {176, 1},   {192, 1},   {208, 1},   {224, 1},   {240, 1},
    {256, 1},   {288, 1},   {320, 1},    {352, 1},   {384, 1},   {416, 1},   {448, 1},   {480, 1},   {512, 1},
    {576, 1},   {640, 1},   {704, 1},    {768, 1},   {896, 1},   {1024, 1},  {1152, 1},  {1280, 1},  {1408, 2},
    {1536, 1},  {1792, 2},  {2048, 1},   {2304, 2},  {2688, 1},  {3072, 3},  {3200, 2},  {3456, 3},  {4096, 1},
    {4864, 3},  {5376, 2},  {6144, 3},   {6528, 4},  {6784, 5},  {6912, 6},  {8192, 1},  {9472, 7},  {9728, 6},
    {10240, 5}, {10880, 4}, {12288, 3},  {13568, 5}, {14336, 7}, {16384, 2}, {18432, 9}, {19072, 7}, {20480, 5},
    {21760, 8}, {24576, 3}, {27264, 10}, {28672, 7}, {32768, 4},
};

uint8_t class_of_8[1024 / 8 + 1], class_of_128[(SMALL_MAX - 1024) / 128 + 1];
int heap_release = 26;

static uint8_t smallest_fit(uintptr_t size)
{
    uint8_t c = 1;
    while (size_classes[c].size < size)
        c++;
    if (FAULT(class_off_by_one) && size > 32 && c + 1 < CLASSES)
        c++;
    return c;
}

void classes_init(void)
{
    for (uintptr_t i = 1; i < COUNTOF(class_of_8); i++)
        class_of_8[i] = smallest_fit(i * 8);
    for (uintptr_t i = 0; i < COUNTOF(class_of_128); i++)
        class_of_128[i] = smallest_fit(1024 + i * 128);
}

uintptr_t heap_round(uintptr_t size, bool noscan)
{
    uintptr_t header = noscan || size <= HEADER_OVER ? 0 : HEADER;
    if (size == 0)
        return 0;
    if (size <= LARGE_OVER)
        return size_classes[class_of(size + header)].size - header;
    return size > UINTPTR_MAX - HEAP_PAGE ? size : round_up(size, HEAP_PAGE);
}
