/* Native frames that hold arrays of known length in JNI locals alone. Linux; compiled by the test that loads it. */
#include <jni.h>
#include <pthread.h>
#include <unistd.h>

static JavaVM *vm;
static volatile jint outside_length;
static volatile int outside_ready;

/* A native frame in the middle of a stack: it calls back. */
JNIEXPORT void JNICALL Java_dev_holdfast_testkit_NativeFrameScenario_holdAndRun(
        JNIEnv *env, jclass type, jint length, jobject runnable) {
    jbyteArray held = (*env)->NewByteArray(env, length);
    jclass interface = (*env)->FindClass(env, "java/lang/Runnable");
    (*env)->CallVoidMethod(env, runnable, (*env)->GetMethodID(env, interface, "run", "()V"));
    (void) (*env)->GetArrayLength(env, held);
}

/* A native frame at the top of a stack: it says so by setting the flag's only element, and stays. */
JNIEXPORT void JNICALL Java_dev_holdfast_testkit_NativeFrameScenario_holdAndStay(
        JNIEnv *env, jclass type, jint length, jintArray flag) {
    jbyteArray held = (*env)->NewByteArray(env, length);
    jint one = 1;
    (*env)->SetIntArrayRegion(env, flag, 0, 1, &one);
    (void) held;
    for (;;) {
        pause();
    }
}

static void *attached(void *unused) {
    JNIEnv *env;
    JavaVMAttachArgs arguments = {JNI_VERSION_1_8, "native-outside", NULL};
    (*vm)->AttachCurrentThreadAsDaemon(vm, (void **) &env, &arguments);
    (*env)->NewByteArray(env, outside_length);
    outside_ready = 1;
    for (;;) {
        pause();
    }
    return unused;
}

/* A thread without any Java frame. */
JNIEXPORT void JNICALL Java_dev_holdfast_testkit_NativeFrameScenario_holdOutside(
        JNIEnv *env, jclass type, jint length) {
    pthread_t thread;
    (*env)->GetJavaVM(env, &vm);
    outside_length = length;
    pthread_create(&thread, NULL, attached, NULL);
    while (!outside_ready) {
        usleep(1000);
    }
}
