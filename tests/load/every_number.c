/* Tries a range of Swedish numbers in E.164 by HMAC-SHA-256, several at a time.

   Usage: every_number FIRST COUNT < wanted; FIRST is nine digits, after "+46".
   Wanted is, in this machine's order of bytes: how many keys and how many digests (two
   words of 32 bits), each key filled up with zeros to 64 bytes, and the first 8 bytes
   of each digest as one word of 64 bits, sorted. Prints a line for each number whose
   tag by a key begins so: the number, and which key, from 0. Ends with 1 where it
   can't. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __AVX512F__
#define LANES 16 /* numbers that are hashed at a time: as many as fit a register */
#elif defined __AVX2__
#define LANES 8
#else
#define LANES 4
#endif
#define FILTER 20 /* bits of a digest that are looked up before it is searched for */

typedef uint32_t lanes __attribute__((vector_size(4 * LANES)));
typedef struct { uint32_t inner[8], outer[8]; } hmac_key;
typedef struct {
    uint32_t keys, digests;
    hmac_key *key;
    uint64_t *digest;
    uint8_t filter[1 << (FILTER - 3)];
} wanted;

static const uint32_t START[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
static const uint32_t ROUND[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

#define TURN(x, by) (((x) >> (by)) | ((x) << (32 - (by))))

/* Takes one block of 16 words into a SHA-256 state of 8 (FIPS 180-4, 6.2.2). */
static inline void take_in(lanes state[8], const lanes block[16]) {
    lanes w[16], a = state[0], b = state[1], c = state[2], d = state[3];
    lanes e = state[4], f = state[5], g = state[6], h = state[7];
    memcpy(w, block, sizeof w);
#pragma GCC unroll 64
    for (int i = 0; i < 64; i++) {
        if (i >= 16) {
            lanes x = w[(i + 1) & 15], y = w[(i + 14) & 15];
            w[i & 15] += (TURN(x, 7) ^ TURN(x, 18) ^ (x >> 3)) + w[(i + 9) & 15] +
                         (TURN(y, 17) ^ TURN(y, 19) ^ (y >> 10));
        }
        lanes one = h + (TURN(e, 6) ^ TURN(e, 11) ^ TURN(e, 25)) + (g ^ (e & (f ^ g))) +
                    ROUND[i] + w[i & 15];
        lanes two = (TURN(a, 2) ^ TURN(a, 13) ^ TURN(a, 22)) +
                    ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + one, d = c, c = b, b = a, a = one + two;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static void spread(lanes to[8], const uint32_t from[8]) {
    for (int i = 0; i < 8; i++) to[i] = (lanes){0} + from[i];
}

/* Hashes a key's block once, with each byte turned as HMAC wants it (RFC 2104). */
static void begin(uint32_t state[8], const uint8_t key[64], uint32_t turned) {
    lanes all[8], block[16];
    for (int i = 0; i < 16; i++) {
        const uint8_t *at = key + 4 * i;
        uint32_t word = (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
        block[i] = (lanes){0} + (word ^ turned);
    }
    spread(all, START);
    take_in(all, block);
    for (int i = 0; i < 8; i++) state[i] = all[i][0];
}

static int read_in(wanted *in) {
    uint8_t key[64];
    if (fread(&in->keys, 4, 1, stdin) != 1) return 0;
    if (fread(&in->digests, 4, 1, stdin) != 1) return 0;
    in->key = calloc(in->keys + 1, sizeof *in->key);
    in->digest = calloc(in->digests + 1, sizeof *in->digest);
    if (!in->key || !in->digest) return 0;
    for (uint32_t i = 0; i < in->keys; i++) {
        if (fread(key, sizeof key, 1, stdin) != 1) return 0;
        begin(in->key[i].inner, key, 0x36363636);
        begin(in->key[i].outer, key, 0x5c5c5c5c);
    }
    if (fread(in->digest, 8, in->digests, stdin) != in->digests) return 0;
    for (uint32_t i = 0; i < in->digests; i++) {
        uint64_t bits = in->digest[i] >> (64 - FILTER);
        in->filter[bits >> 3] |= 1 << (bits & 7);
    }
    return 1;
}

static int by_size(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static int is_wanted(const wanted *in, uint32_t high, uint32_t low) {
    uint32_t bits = high >> (32 - FILTER);
    if (!(in->filter[bits >> 3] >> (bits & 7) & 1)) return 0;
    uint64_t found = (uint64_t)high << 32 | low;
    return bsearch(&found, in->digest, in->digests, 8, by_size) != NULL;
}

/* Writes "+46" and nine digits into the words of one lane, and what ends a message. */
static void write_number(lanes block[16], int lane, uint32_t number) {
    char text[16];
    snprintf(text, sizeof text, "+46%09u", number);
    for (int i = 0; i < 3; i++) {
        const uint8_t *at = (const uint8_t *)text + 4 * i;
        block[i][lane] = (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
    }
    block[3][lane] = 0x80000000;
    block[15][lane] = (64 + 12) * 8; /* bits, the key's block with them */
}

static void try_lanes(const wanted *in, uint32_t first, uint32_t count) {
    lanes message[16] = {{0}}, digest[16] = {{0}}, state[8];
    for (int lane = 0; lane < LANES; lane++) write_number(message, lane, first + lane);
    digest[8] = (lanes){0} + 0x80000000;
    digest[15] = (lanes){0} + (64 + 32) * 8;
    for (uint32_t i = 0; i < in->keys; i++) {
        spread(digest, in->key[i].inner);
        take_in(digest, message);
        spread(state, in->key[i].outer);
        take_in(state, digest);
        for (uint32_t lane = 0; lane < LANES && lane < count; lane++)
            if (is_wanted(in, state[0][lane], state[1][lane]))
                printf("+46%09u %u\n", first + lane, i);
    }
}

int main(int given, char **word) {
    static wanted in;
    if (given != 3 || !read_in(&in)) return 1;
    uint32_t first = strtoul(word[1], NULL, 10), count = strtoul(word[2], NULL, 10);
    for (uint32_t done = 0; done < count; done += LANES)
        try_lanes(&in, first + done, count - done);
    return fflush(stdout) != 0;
}
