#include "resources.h"
#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char breast_cancer[] = {
#embed "breast-cancer.csv"
};
static const unsigned char catalogue[] = {
#embed "catalogue.json"
};
static const unsigned char digits[] = {
#embed "digits.csv"
};
static const unsigned char iris[] = {
#embed "iris.csv"
};
static const unsigned char penguins[] = {
#embed "penguins.csv"
};
static const unsigned char pretrained[] = {
#embed "pretrained.json"
};
static const unsigned char wine[] = {
#embed "wine.csv"
};

static const lab_resource resources[] = {
    {"breast-cancer.csv", breast_cancer, sizeof breast_cancer},
    {"catalogue.json", catalogue, sizeof catalogue},
    {"digits.csv", digits, sizeof digits},
    {"iris.csv", iris, sizeof iris},
    {"penguins.csv", penguins, sizeof penguins},
    {"pretrained.json", pretrained, sizeof pretrained},
    {"wine.csv", wine, sizeof wine},
};

lab_resource lab_resource_named(const char *name) {
  for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
    if (strcmp(resources[i].name, name) == 0) return resources[i];
  return (lab_resource){name, (const unsigned char *)"", 0};
}
